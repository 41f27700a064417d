import Synchronization

/// A log of the requests that the sandbox received, for tests.
package final class SandboxLog: Sendable {
  package struct Entry: Hashable, Sendable {
    /// The path as sent over the wire, percent-encoded.
    package var path: String
    /// nil if the path does not identify a project.
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
