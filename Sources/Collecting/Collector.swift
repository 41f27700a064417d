package import InventoryModel
import Synchronization

/// How collecting goes about its work.
package struct CollectingSettings: Sendable {
  package var rate: Rate
  /// Requests that may start together after a pause, at least 1.
  package var burst: Int
  /// Requests in flight, at least 1.
  package var concurrency: Int
  package var retry: RetryPolicy
  /// The longest time an answer waits for its commit.
  package var commitInterval: Duration

  package init(
    rate: Rate, burst: Int, concurrency: Int, retry: RetryPolicy, commitInterval: Duration = .milliseconds(200)
  ) {
    self.rate = rate
    self.burst = burst
    self.concurrency = concurrency
    self.retry = retry
    self.commitInterval = commitInterval
  }
}

/// Works off a run's pending projects: a bounded group of workers that ask, under one rate, and a committer that makes
/// their answers durable.
///
/// Every worker takes its next step from the ``Schedule``, so a project that waits for its next attempt holds none.
package struct Collector<C: Clock>: Sendable where C.Duration == Duration {
  private let settings: CollectingSettings
  private let ledger: any CollectingLedger
  private let ask: @Sendable (PendingProject) async -> Reply
  private let clock: C
  private let wallClock: @Sendable () -> Timestamp
  private let random: @Sendable () -> Double
  private let progress: ProgressBoard
  private let report: (@Sendable (CollectingEvent) -> Void)?

  /// - Parameters:
  ///   - ask: makes one request; never throws, since a failure is data.
  ///   - clock: monotonic; everything that waits waits on it.
  ///   - wallClock: for the times that are recorded.
  ///   - random: from 0 up to 1, for the jitter of waits.
  ///   - report: told each event, on the worker it happens in; nil costs nothing.
  package init(
    _ settings: CollectingSettings, ledger: any CollectingLedger, clock: C, progress: ProgressBoard,
    wallClock: @escaping @Sendable () -> Timestamp, random: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
    report: (@Sendable (CollectingEvent) -> Void)? = nil, ask: @escaping @Sendable (PendingProject) async -> Reply
  ) {
    self.settings = settings
    self.ledger = ledger
    self.ask = ask
    self.clock = clock
    self.wallClock = wallClock
    self.random = random
    self.progress = progress
    self.report = report
  }

  /// Returns when every pending project is settled and committed. Throws what the ledger throws.
  package func run() async throws {
    let round = Round(start: clock.now, schedule: Schedule(pacer: Pacer(rate: settings.rate, burst: settings.burst)))
    do {
      try await collect(round)
    } catch {
      // What was answered is kept, whatever ends the run.
      try? await flush(round)
      throw error
    }
    try await flush(round)
  }

  private func collect(_ round: Round) async throws {
    try await withThrowingTaskGroup(of: Child.self) { group in
      group.addTask { try await commit(round) }
      for _ in 0..<settings.concurrency { group.addTask { try await work(round) } }
      var workers = settings.concurrency
      while let child = try await group.next() {
        if child == .worker { workers -= 1 }
        if workers == 0 { group.cancelAll() }
      }
    }
  }

  private enum Child: Sendable {
    case worker, committer
  }

  /// What the workers of one ``run()`` share.
  private final class Round: Sendable {
    let start: C.Instant
    let schedule: Mutex<Schedule>
    let buffer = AnswerBuffer()

    init(start: C.Instant, schedule: Schedule) {
      self.start = start
      self.schedule = Mutex(schedule)
    }
  }

  private func now(_ round: Round) -> Duration { round.start.duration(to: clock.now) }

  private func sleep(_ round: Round, until time: Duration) async throws {
    try await clock.sleep(until: round.start.advanced(by: time), tolerance: .zero)
  }

  private func work(_ round: Round) async throws -> Child {
    while !Task.isCancelled {
      switch round.schedule.withLock({ $0.next(at: now(round)) }) {
      case .start(let work, let time):
        var start: Duration? = time
        while let time = start {
          if time > now(round) { try await sleep(round, until: time) }
          start = round.schedule.withLock { $0.confirm(at: now(round)) }
        }
        await attempt(work, round)
        while round.buffer.isFull { try await sleep(round, until: now(round) + .milliseconds(5)) }
      case .refill(let line):
        let page = try await ledger.pendingProjects(afterLine: line, limit: Schedule.pageSize)
        round.schedule.withLock { $0.add(page) }
      case .wait(let time):
        try await sleep(round, until: time)
      case .finished:
        return .worker
      }
    }
    throw CancellationError()
  }

  private func attempt(_ work: Work, _ round: Round) async {
    var work = work
    let isRepetition = work.repeatsAttempt
    if !isRepetition { work.attempts += 1 }
    work.repeatsAttempt = false
    let began = now(round)
    let reply = await ask(work.project)
    let ended = now(round)
    // Given up because the run is ending: the row stays pending.
    if Task.isCancelled { return }
    round.buffer.countRequest(gotResponse: reply.answer.httpStatus != nil)
    let decision = settings.retry.decision(
      on: reply, attempts: work.attempts, hadFreshConnection: isRepetition, random: random())
    switch decision {
    case .record(let answer):
      settle(work, answer, duration: ended - began, round)
    case .again(let wait):
      report?(.willRetry(work.project, attempt: work.attempts, error: reply.answer.error, wait: wait))
      round.schedule.withLock { $0.defer(work, until: ended + wait) }
    case .onFreshConnection:
      work.repeatsAttempt = true
      round.schedule.withLock { $0.defer(work, until: ended) }
    }
    progress.update { progress in
      progress.requests += 1
      if reply.answer.httpStatus != nil { progress.responses += 1 }
      if work.attempts > 1 || isRepetition { progress.retries += 1 }
      if case .record(let answer) = decision { progress.outcomes[answer.outcome] += work.project.rows }
    }
  }

  private func settle(_ work: Work, _ answer: Answer, duration: Duration, _ round: Round) {
    let (seconds, attoseconds) = duration.components
    round.buffer.add(
      CollectedAnswer(
        line: work.project.line, isShared: work.project.rows > 1, answer: answer, attempts: work.attempts,
        durationMS: Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000), fetchedAt: wallClock()))
    report?(.settled(work.project, answer, attempts: work.attempts))
  }

  /// Commits what has gathered, again and again, until it is cancelled.
  private func commit(_ round: Round) async throws -> Child {
    while !Task.isCancelled {
      do {
        try await clock.sleep(until: clock.now.advanced(by: settings.commitInterval), tolerance: .zero)
      } catch is CancellationError {
        break
      }
      try await flush(round)
    }
    return .committer
  }

  private func flush(_ round: Round) async throws {
    let batch = round.buffer.take()
    guard !batch.isEmpty else { return }
    // In a task of its own: the end of the run must not cut a commit short.
    try await Task { [ledger] in
      try await ledger.commit(batch.answers, requests: batch.requests, responses: batch.responses)
    }.value
  }
}
