import Synchronization

/// What the sandbox has been asked, for tests.
package final class SandboxLog: Sendable {
  package struct Entry: Hashable, Sendable {
    /// As it came over the wire, percent-encoded.
    package var path: String
    /// nil when the path leads to no project.
    package var projectID: String?
    package var apiKey: String?
    package var authorization: String?
    package var status: Int
    package var time: ContinuousClock.Instant
  }

  private let state = Mutex<[Entry]>([])

  package init() {}

  package var entries: [Entry] { state.withLock { $0 } }

  func add(_ entry: Entry) { state.withLock { $0.append(entry) } }
}
