package import InventoryModel
package import TextFormats

/// Collects the answers of a run's pending projects: it requests each under the rate and concurrency limits, and commits
/// the answers to the ledger.
package struct Collector<C: Clock>: Sendable where C.Duration == Duration {
  let settings: CollectingSettings
  let ledger: any CollectingLedger
  let ask: Ask
  let clock: C
  let executors: [any TaskExecutor]
  let stop: StopSignal
  let wallClock: @Sendable () -> Timestamp
  let random: @Sendable () -> Double
  let progress: ProgressBoard
  let report: (@Sendable (CollectingEvent) -> Void)?
  let ledgerExecutor: any TaskExecutor

  /// Makes one request, on a fresh connection if that is asked for, and calls `whenSent` as soon as it is sent, if it ever
  /// is; nil where that does not matter. It throws nothing, since a failure is data.
  package typealias Ask =
    @Sendable (
      PendingProject, _ onFreshConnection: Bool, _ whenSent: (@Sendable () -> Void)?
    ) async -> Reply

  /// - Parameters:
  ///   - clock: monotonic; all waiting is done on it.
  ///   - executors: for the requests, which do not block them. If the requests are sent on these very executors, no thread
  ///     has to wake another for its request. Empty where that does not matter.
  ///   - ledgerExecutor: for the ledger, which may block; by default a thread of its own.
  ///   - stop: ends collecting early.
  ///   - wallClock: for the times that are recorded.
  ///   - random: from 0 up to 1, for the jitter of waits.
  ///   - report: called with each event, and holds up collecting meanwhile; nil costs nothing.
  package init(
    _ settings: CollectingSettings, ledger: any CollectingLedger, clock: C, progress: ProgressBoard,
    executors: [any TaskExecutor] = [], ledgerExecutor: any TaskExecutor = ThreadExecutor(label: "ledger"),
    stop: StopSignal = StopSignal(),
    wallClock: @escaping @Sendable () -> Timestamp,
    random: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
    report: (@Sendable (CollectingEvent) -> Void)? = nil,
    ask: @escaping Ask
  ) {
    self.settings = settings
    self.ledger = ledger
    self.ask = ask
    self.clock = clock
    self.executors = executors
    self.ledgerExecutor = ledgerExecutor
    self.stop = stop
    self.wallClock = wallClock
    self.random = random
    self.progress = progress
    self.report = report
  }

  /// Returns when every pending project is settled and committed, or when the run was stopped and its requests in flight
  /// have ended. Throws what the ledger throws, and ``AnswersLost`` where that has cost answers.
  package func run() async throws -> CollectingEnd {
    var run = await withTaskExecutorPreference(executors.first) {
      await withTaskGroup(of: CollectingRun<C>.Event.self) { group in
        var run = CollectingRun(self)
        await run.collect(&group)
        return run
      }
    }
    try await run.commitRest()
    return run.end
  }

  /// Makes answers durable. The end of the run does not cut a commit short, so it is in a task of its own.
  func commit(_ batch: UncommittedAnswers.Batch) async -> Result<Void, any Error> {
    await Task(executorPreference: ledgerExecutor) { [ledger] in
      try await ledger.commit(batch.answers, requests: batch.requests, responses: batch.responses)
    }.result
  }
}
