package import InventoryModel
import Synchronization

/// Works off a run's pending projects: a bounded group of workers that ask, under one rate, and a committer that makes
/// their answers durable.
///
/// Every worker takes its next step from the ``Schedule``, so a project that waits for its next attempt holds none.
package struct Collector<C: Clock>: Sendable where C.Duration == Duration {
  private let settings: CollectingSettings
  private let ledger: any CollectingLedger
  private let ask: Ask
  private let clock: C
  private let executors: [any TaskExecutor]
  private let stop: StopSignal
  private let wallClock: @Sendable () -> Timestamp
  private let random: @Sendable () -> Double
  private let progress: ProgressBoard
  private let report: (@Sendable (CollectingEvent) -> Void)?

  /// Makes one request, on a fresh connection where that is asked for, and calls `whenSent` as soon as it is sent, which
  /// may be never; it is nil where nobody asks. Throws nothing, since a failure is data.
  package typealias Ask =
    @Sendable (
      PendingProject, _ onFreshConnection: Bool, _ whenSent: (@Sendable () -> Void)?
    ) async -> Reply

  /// - Parameters:
  ///   - clock: monotonic; everything that waits waits on it.
  ///   - executors: for the workers, in turn, which block none of them. Where the requests are sent on the same, a worker
  ///     need not change threads for its own. None where that does not matter.
  ///   - stop: ends collecting early.
  ///   - wallClock: for the times that are recorded.
  ///   - random: from 0 up to 1, for the jitter of waits.
  ///   - report: told each event, on the worker it happens in, and holds up its executor meanwhile; nil costs nothing.
  package init(
    _ settings: CollectingSettings, ledger: any CollectingLedger, clock: C, progress: ProgressBoard,
    executors: [any TaskExecutor] = [], stop: StopSignal = StopSignal(),
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
    self.stop = stop
    self.wallClock = wallClock
    self.random = random
    self.progress = progress
    self.report = report
  }

  /// Returns when every pending project is settled and committed, or when it was stopped and what was in flight has
  /// ended. Throws what the ledger throws, and ``AnswersLost`` where that has cost answers.
  package func run() async throws -> CollectingEnd {
    let round = Round(start: clock.now, settings: settings, ledger: ledger)
    do {
      try await collect(round)
      if let reason = stop.reason { leaveOpen(reason, round) }
      if let batch = round.answers.takeAll() { try await commit(batch, round) }
    } catch {
      throw await keepAnswers(round, after: error)
    }
    let time = now(round)
    return CollectingEnd(reason: stop.reason, throttled: round.schedule.withLock { $0.loweredTime(at: time) })
  }

  private func collect(_ round: Round) async throws {
    try await withThrowingTaskGroup(of: Child.self) { group in
      // Whatever ends the run, nobody waits for a place any more.
      defer { round.answers.close() }
      group.addTask { try await commitAnswers(round) }
      group.addTask { await watchForStop() }
      if let limit = settings.timeLimit { group.addTask { await watchTime(limit, round) } }
      for index in 0..<settings.concurrency {
        let executor = executors.isEmpty ? nil : executors[index % executors.count]
        group.addTask(executorPreference: executor) { try await workUntilStopped(round) }
      }
      var workers = settings.concurrency
      while let child = try await group.next() {
        if child == .worker { workers -= 1 }
        if workers == 0 || child == .grace {
          round.answers.close()
          group.cancelAll()
        }
      }
    }
  }

  private enum Child: Sendable {
    case worker, committer, clock
    /// What in-flight requests get after a stop is over.
    case grace
  }

  /// What the workers of one ``run()`` share.
  private final class Round: Sendable {
    let start: C.Instant
    let credentials: [String?]
    let schedule: Mutex<Schedule>
    let answers: UncommittedAnswers

    init(start: C.Instant, settings: CollectingSettings, ledger: any CollectingLedger) {
      self.start = start
      answers = UncommittedAnswers(workers: settings.concurrency) { ledger.isHeldUp }
      credentials =
        switch settings.scope {
        case .all: [nil]
        case .credentials(let names): names.isEmpty ? [nil] : names
        }
      schedule = Mutex(
        Schedule(
          lanes: credentials.count, rate: settings.rate, burst: settings.burst, firstStart: settings.firstStart,
          timeLimit: settings.timeLimit))
    }
  }

  private func now(_ round: Round) -> Duration { round.start.duration(to: clock.now) }

  /// Returns early when the run is stopped.
  private func sleep(_ round: Round, until time: Duration) async throws {
    try await stop.sleep(until: round.start.advanced(by: time), on: clock)
  }

  private func watchForStop() async -> Child {
    await stop.wait()
    try? await clock.sleep(until: clock.now.advanced(by: settings.grace), tolerance: .zero)
    return .grace
  }

  private func watchTime(_ limit: Duration, _ round: Round) async -> Child {
    do {
      try await sleep(round, until: limit)
      stop.stop(.outOfTime)
    } catch {
      // Everything is settled in time.
    }
    return .clock
  }

  /// As ``work(_:)``. A worker that is given up because the run is ending, whatever it was waiting for, has not failed.
  private func workUntilStopped(_ round: Round) async throws -> Child {
    do {
      return try await work(round)
    } catch is CancellationError where stop.reason != nil {
      return .worker
    }
  }

  private func work(_ round: Round) async throws -> Child {
    while stop.reason == nil {
      try Task.checkCancellation()
      guard await round.answers.reserve() else { break }
      defer { round.answers.release() }
      switch round.schedule.withLock({ $0.next(at: now(round)) }) {
      case .start(let work, let start, let lane):
        switch try await waitToStart(work, start, lane: lane, round) {
        case .go(let departure): await attempt(work, lane: lane, departure, round)
        case .settle(let answer): settle(work, answer, round)
        case .putBack: break
        }
      case .settle(let work, let answer):
        settle(work, answer, round)
      case .refill(let lane, let line, let limit):
        // Elsewhere: it may block, and would hold up every other worker of the executor.
        let page = try await withTaskExecutorPreference(globalConcurrentExecutor) {
          try await ledger.pendingProjects(ofCredential: round.credentials[lane], afterLine: line, limit: limit)
        }
        round.schedule.withLock { $0.add(page, toLane: lane) }
      case .wait(let time):
        try await sleep(round, until: time)
      case .finished:
        return .worker
      case .nothingDueInTime(let time): stop.stop(.nothingDueInTime(until: timestamp(of: time, round)))
      case .sentAway(let time): stop.stop(.sentAway(until: timestamp(of: time, round)))
      }
    }
    return .worker
  }

  /// The wall clock's time at a time of the round.
  private func timestamp(of time: Duration, _ round: Round) -> Timestamp {
    let wait = max(.zero, time - now(round))
    return Timestamp(milliseconds: wallClock().milliseconds + Int64(wait / .milliseconds(1)))
  }

  private enum WaitEnd {
    case go(Departure?)
    /// No request is made any more: this is the project's answer.
    case settle(Answer)
    /// The work is back in the schedule, or was never asked for and is the ledger's.
    case putBack
  }

  private func waitToStart(_ work: Work, _ start: Pacer.Start, lane: Int, _ round: Round) async throws -> WaitEnd {
    var (start, time) = (start, start.time)
    while true {
      if time > now(round) { try await sleep(round, until: time) }
      let mayStart = await round.answers.waitWhileHeldUp()
      // Whoever else waits for this very moment may be late to say so.
      if let limit = settings.timeLimit, now(round) >= limit { stop.stop(.outOfTime) }
      guard stop.reason == nil, mayStart else { return putBack(work, lane: lane, until: time, round) }
      switch round.schedule.withLock({ $0.confirm(start, of: work, lane: lane, at: now(round)) }) {
      case .go(let departure): return .go(departure)
      case .later(let later, let at): (start, time) = (later, at)
      case .putBack: return .putBack
      case .settle(let answer): return .settle(answer)
      case .closed: return putBack(work, lane: lane, until: time, round)
      }
    }
  }

  /// Leaves work open; what was never asked for is the ledger's.
  private func putBack(_ work: Work, lane: Int, until time: Duration, _ round: Round) -> WaitEnd {
    if work.last != nil { round.schedule.withLock { $0.defer(work, lane: lane, until: time) } }
    return .putBack
  }

  private func attempt(_ work: Work, lane: Int, _ departure: Departure?, _ round: Round) async {
    var work = work
    let isRetry = work.last != nil
    let isRepetition = work.repeatsAttempt
    if !isRepetition { work.attempts += 1 }
    let began = now(round)
    let whenSent = departure.map { departure in
      { @Sendable [clock, start = round.start] in departure.note(at: start.duration(to: clock.now)) }
    }
    let reply = await ask(work.project, isRepetition, whenSent)
    departure?.end()
    let ended = now(round)
    let gotResponse = reply.answer.httpStatus != nil
    round.answers.countRequest(gotResponse: gotResponse)
    work.last = Work.LastReply(answer: reply.answer, duration: ended - began, time: wallClock())
    // Given up because the run is ending: the row stays open.
    if Task.isCancelled, !gotResponse {
      progress.update { $0.countRequest(gotResponse: false, isRetry: isRetry, loweredRate: nil) }
      round.schedule.withLock { $0.defer(work, lane: lane, until: ended) }
      return
    }
    let decision = settings.retry.decision(
      on: reply, attempts: work.attempts, hadFreshConnection: isRepetition, random: random())
    let (isLastingOutage, loweredRate) = round.schedule.withLock { schedule in
      let isLastingOutage = schedule.note(reply, to: work, lane: lane, began: began, at: ended)
      schedule.proceed(with: work, after: decision, lane: lane, began: began, at: ended)
      return (isLastingOutage, schedule.loweredRate)
    }
    progress.update { $0.countRequest(gotResponse: gotResponse, isRetry: isRetry, loweredRate: loweredRate) }
    if isLastingOutage { stop.stop(.gatewayUnreachable(reply.answer.error)) }
    switch decision {
    case .record(let answer): settle(work, answer, round)
    case .again(let wait):
      report?(.willRetry(work.project, attempt: work.attempts, error: reply.answer.error, wait: wait))
    case .sentAway(let answer, let wait):
      report?(.sentAway(work.project, attempt: work.attempts, error: answer.error, wait: wait))
    case .onFreshConnection: break
    }
  }

  private func settle(_ work: Work, _ answer: Answer, _ round: Round) {
    record(work, answer, round)
    progress.update { $0.outcomes[answer.outcome] += work.project.rows }
    report?(.settled(work.project, answer, attempts: work.attempts))
  }

  private func record(_ work: Work, _ answer: Answer, _ round: Round) {
    let last = work.last
    round.answers.add(
      CollectedAnswer(
        project: work.project, answer: answer, attempts: work.attempts,
        durationMS: last.map { Int($0.duration / .milliseconds(1)) }, fetchedAt: last?.time))
  }

  /// Records the projects that were asked for in vain when the run was stopped; those not asked for are the ledger's.
  private func leaveOpen(_ reason: StopReason, _ round: Round) {
    for work in round.schedule.withLock({ $0.begunWork() }) {
      record(work, Answer(outcome: .skipped, error: reason.rowError), round)
    }
  }

  /// Commits what has gathered, again and again, until nothing more comes.
  private func commitAnswers(_ round: Round) async throws -> Child {
    var last: C.Instant?
    while let batch = await round.answers.next(within: settings.commitInterval, since: last, on: clock) {
      last = clock.now
      try await commit(batch, round)
    }
    return .committer
  }

  private func commit(_ batch: UncommittedAnswers.Batch, _ round: Round) async throws {
    do {
      // In a task of its own: the end of the run must not cut a commit short.
      try await Task { [ledger] in
        try await ledger.commit(batch.answers, requests: batch.requests, responses: batch.responses)
      }.value
    } catch {
      round.answers.putBack()
      throw error
    }
    round.answers.noteCommitted()
  }

  /// What was answered is kept, whatever ends the run: in the ledger, or where that takes nothing any more, beside it.
  ///
  /// - Returns: the error that the run ends with.
  private func keepAnswers(_ round: Round, after error: any Error) async -> any Error {
    guard let batch = round.answers.takeAll() else { return error }
    do {
      try await commit(batch, round)
    } catch {
      do {
        try await ledger.setAside(batch.answers, requests: batch.requests, responses: batch.responses)
      } catch _ where !batch.answers.isEmpty {
        return AnswersLost(count: batch.answers.count, cause: error)
      } catch {}
    }
    return error
  }
}
