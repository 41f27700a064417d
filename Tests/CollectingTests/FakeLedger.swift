import Collecting
import InventoryModel
import Synchronization

/// A ledger in memory that remembers what it was told, and can be slow or fail.
final class FakeLedger: CollectingLedger {
  struct Full: Error {}

  private struct State {
    var open: [PendingProject]
    var commits: [[CollectedAnswer]] = []
    var requests = 0
    var responses = 0
    var setAside: [CollectedAnswer] = []
    var isHeldUp = false
  }

  private let state: Mutex<State>
  private let failsAfterCommits: Int
  private let whileBusy: @Sendable () -> Void
  private let beforeCommit: @Sendable (_ number: Int, FakeLedger) async -> Void

  /// - Parameters:
  ///   - whileBusy: called where the ledger would read or write.
  ///   - beforeCommit: called before each commit with the number of those before it.
  init(
    _ projects: [PendingProject], failsAfterCommits: Int = .max, whileBusy: @escaping @Sendable () -> Void = {},
    beforeCommit: @escaping @Sendable (_ number: Int, FakeLedger) async -> Void = { _, _ in }
  ) {
    state = Mutex(State(open: projects))
    self.failsAfterCommits = failsAfterCommits
    self.whileBusy = whileBusy
    self.beforeCommit = beforeCommit
  }

  func pendingProjects(
    ofCredential credential: String?, afterLine line: Int, limit: Int
  ) async throws -> [PendingProject] {
    whileBusy()
    return state.withLock { state in
      Array(state.open.filter { $0.line > line && (credential ?? $0.credential) == $0.credential }.prefix(limit))
    }
  }

  func commit(_ answers: [CollectedAnswer], requests: Int, responses: Int) async throws {
    whileBusy()
    await beforeCommit(commits.count, self)
    try state.withLock { state in
      guard state.commits.count < failsAfterCommits else { throw Full() }
      let lines = Set(answers.map(\.line))
      state.open.removeAll { lines.contains($0.line) }
      state.commits.append(answers)
      state.requests += requests
      state.responses += responses
    }
  }

  func setAside(_ answers: [CollectedAnswer], requests: Int, responses: Int) {
    state.withLock { $0.setAside += answers }
  }

  var isHeldUp: Bool {
    get { state.withLock { $0.isHeldUp } }
    set { state.withLock { $0.isHeldUp = newValue } }
  }

  var answersAside: [CollectedAnswer] { state.withLock { $0.setAside } }
  var commits: [[CollectedAnswer]] { state.withLock { $0.commits } }
  var answers: [CollectedAnswer] { commits.flatMap { $0 } }
  var requests: Int { state.withLock { $0.requests } }
  var responses: Int { state.withLock { $0.responses } }
}

/// A gateway that follows a script, and notes when it was asked for what.
final class FakeGateway: Sendable {
  struct Request: Sendable {
    var line: Int
    var time: Duration
  }

  private struct State {
    var requests: [Request] = []
    var inFlight = 0
    var mostInFlight = 0
  }

  private let state = Mutex(State())
  private let clock: TestClock
  private let latency: Duration
  /// Whether a request is ever sent: where no connection can be made, none is.
  private let sends: Bool
  private let script: @Sendable (PendingProject, _ asked: Int) -> Reply

  init(
    clock: TestClock, latency: Duration = .milliseconds(50), sends: Bool = true,
    script: @escaping @Sendable (PendingProject, _ asked: Int) -> Reply = { _, _ in Reply(.found) }
  ) {
    self.clock = clock
    self.latency = latency
    self.sends = sends
    self.script = script
  }

  func ask(_ project: PendingProject, whenSent: (@Sendable () -> Void)?) async -> Reply {
    if sends { whenSent?() }
    let asked = state.withLock { state in
      let asked = state.requests.count { $0.line == project.line }
      state.requests.append(Request(line: project.line, time: clock.now.offset))
      state.inFlight += 1
      state.mostInFlight = max(state.mostInFlight, state.inFlight)
      return asked
    }
    try? await clock.sleep(until: clock.now.advanced(by: latency))
    state.withLock { $0.inFlight -= 1 }
    return script(project, asked)
  }

  var requests: [Request] { state.withLock { $0.requests } }
  var mostInFlight: Int { state.withLock { $0.mostInFlight } }
}

extension Answer {
  static let found = Answer(
    outcome: .found, httpStatus: 200, integration: Integration(webhookURL: "https://hooks.example.com/"))

  static func failed(_ status: Int?) -> Answer {
    Answer(outcome: .failed, httpStatus: status, error: RowError(status.map(ErrorCode.http) ?? .timeout, "Failed."))
  }
}
