import InventoryModel
import TextFormats

/// One run of a ``Collector``: the parent task of everything that the run does.
///
/// The parent owns the schedule and the uncommitted answers. It starts a child task for each request, page, commit and
/// timer, and waits in one place only: for the next child to end.
struct CollectingRun<C: Clock>: Sendable where C.Duration == Duration {
  /// How a child task ended.
  enum Event: Sendable {
    case attempt(Attempt)
    case page(Result<[PendingProject], any Error>, bucket: Int)
    case commit(Result<Void, any Error>)
    case send(SendTimestamp, Schedule.SendObserver)
    case timer(Duration)
    case stop
  }

  /// A request that has ended.
  struct Attempt: Sendable {
    /// With its last reply.
    var work: Work
    var isRetry: Bool
    var reply: Reply
    var began: Duration
    var ended: Duration
    /// Whether the end of the run cut it off.
    var isCancelled: Bool
    /// The index of its executor.
    var executor: Int
  }

  private let collector: Collector<C>
  private let settings: CollectingSettings
  private let start: C.Instant
  /// Starts that are due within this time happen at one wake-up. At a high rate it is shorter than what the ``Pacer``
  /// tolerates, otherwise zero.
  private let timerResolution: Duration
  /// The credential of each rate-limit bucket; nil for any.
  private let credentials: [String?]
  private var schedule: Schedule
  private var answers: UncommittedAnswers
  private var placement: ExecutorPlacement
  private var inFlight = 0
  /// The times of the timers that are running.
  private var timers: [Duration] = []
  /// When the schedule wants to be asked again; nil when only another event matters to it.
  private var nextStart: Duration?
  /// When requests in flight are cut off; nil while the run is not stopped.
  private var graceEnd: Duration?
  private var isFinished = false
  private var failure: (any Error)?

  init(_ collector: Collector<C>) {
    self.collector = collector
    settings = collector.settings
    start = collector.clock.now
    timerResolution = (settings.rate.interval ?? .zero) < .milliseconds(2) ? .milliseconds(2) : .zero
    credentials =
      switch settings.scope {
      case .all: [nil]
      case .credentials(let names): names.isEmpty ? [nil] : names
      }
    schedule = Schedule(
      buckets: credentials.count, rate: settings.rate, burst: settings.burst, firstStart: settings.firstStart,
      timeLimit: settings.timeLimit)
    answers = UncommittedAnswers(concurrency: settings.concurrency, interval: settings.commitInterval)
    placement = ExecutorPlacement(executors: collector.executors.count, concurrency: settings.concurrency)
  }

  private var now: Duration { start.duration(to: collector.clock.now) }

  private var isStopping: Bool { failure != nil || collector.stop.reason != nil }

  /// How collecting ended.
  var end: CollectingEnd {
    CollectingEnd(reason: collector.stop.reason, throttled: schedule.loweredTime(at: now))
  }

  // MARK: The loop

  /// Works until nothing is left to do, or until the run is stopped and no request is in flight.
  mutating func collect(_ group: inout TaskGroup<Event>) async {
    group.addTask { [stop = collector.stop] in
      await stop.wait()
      return .stop
    }
    while true {
      if Task.isCancelled { failure = failure ?? CancellationError() }
      advance(&group)
      beginCommit(&group)
      if inFlight == 0, !answers.isCommitting, isFinished || isStopping { break }
      if failure != nil || graceEnd.map({ $0 <= now }) ?? false { group.cancelAll() }
      setTimer(&group)
      guard let event = await group.next() else { break }
      handle(event)
    }
    group.cancelAll()
  }

  /// Takes every step of the schedule that is due.
  private mutating func advance(_ group: inout TaskGroup<Event>) {
    nextStart = nil
    while !isStopping, !isFinished, answers.hasRoom(besides: inFlight) {
      let now = now
      // The timer that says so may be late.
      if let limit = settings.timeLimit, now >= limit { return collector.stop.stop(.outOfTime) }
      // While another program holds up the ledger, nothing can be committed, and no request is sent.
      let isHeldUp = answers.isCommitting && collector.ledger.isHeldUp
      switch schedule.next(at: now, mayStart: inFlight < settings.concurrency && !isHeldUp) {
      case .start(let work, let timestamp): attempt(work, timestamp, &group)
      case .settle(let work, let answer): settle(work, answer)
      case .fetch(let bucket, let line, let limit): fetch(bucket: bucket, afterLine: line, limit: limit, &group)
      case .awaitSend(let timestamp, let observer):
        group.addTask {
          await timestamp.wait()
          return .send(timestamp, observer)
        }
      case .wait(let time):
        nextStart = time.map { max($0, now + timerResolution) }
        return
      case .finished: isFinished = true
      case .nothingDueInTime(let time): collector.stop.stop(.nothingDueInTime(until: timestamp(of: time)))
      case .sentAway(let time): collector.stop.stop(.sentAway(until: timestamp(of: time)))
      }
    }
  }

  private mutating func handle(_ event: Event) {
    switch event {
    case .attempt(let attempt): finish(attempt)
    case .page(.success(let page), let bucket): schedule.add(page, toBucket: bucket)
    // What is cut off because the run is ending has not failed.
    case .page(.failure(let error), _): if !isStopping { failure = error }
    case .commit(let result):
      answers.endCommit(succeeded: (try? result.get()) != nil)
      if case .failure(let error) = result { failure = failure ?? error }
    case .send(let timestamp, let observer): schedule.noteSend(timestamp, of: observer)
    case .timer(let time):
      timers.removeAll { $0 == time }
      if let limit = settings.timeLimit, now >= limit, !isFinished { collector.stop.stop(.outOfTime) }
    case .stop: graceEnd = now + settings.grace
    }
  }

  /// Starts a timer for the next time at which something is due, unless an earlier one is running.
  private mutating func setTimer(_ group: inout TaskGroup<Event>) {
    let limit = isStopping ? graceEnd : settings.timeLimit
    guard !group.isCancelled, let time = [nextStart, answers.commitTime, limit].compactMap({ $0 }).min(),
      timers.allSatisfy({ $0 > time })
    else { return }
    timers.append(time)
    group.addTask { [clock = collector.clock, start] in
      try? await clock.sleep(until: start.advanced(by: time), tolerance: .zero)
      return .timer(time)
    }
  }

  /// The wall clock's time at a time of the run.
  private func timestamp(of time: Duration) -> Timestamp {
    let wait = max(.zero, time - now)
    return Timestamp(milliseconds: collector.wallClock().milliseconds + Int64(wait / .milliseconds(1)))
  }

  // MARK: Requests

  private func fetch(bucket: Int, afterLine line: Int, limit: Int, _ group: inout TaskGroup<Event>) {
    let credential = credentials[bucket]
    group.addTask(executorPreference: collector.ledgerExecutor) { [ledger = collector.ledger] in
      do {
        let page = try await ledger.pendingProjects(ofCredential: credential, afterLine: line, limit: limit)
        return .page(.success(page), bucket: bucket)
      } catch {
        return .page(.failure(error), bucket: bucket)
      }
    }
  }

  private mutating func attempt(_ work: Work, _ timestamp: SendTimestamp?, _ group: inout TaskGroup<Event>) {
    inFlight += 1
    collector.progress.update { [inFlight, waiting = schedule.waitingForRetry] in
      ($0.inFlight, $0.waiting) = (inFlight, waiting)
    }
    let executor = placement.take()
    var work = work
    if !work.repeatsAttempt { work.attempts += 1 }
    group.addTask(executorPreference: collector.executors.isEmpty ? nil : collector.executors[executor]) {
      [work, ask = collector.ask, clock = collector.clock, wallClock = collector.wallClock, start] in
      let began = start.duration(to: clock.now)
      let whenSent = timestamp.map { timestamp in
        { @Sendable in timestamp.note(at: start.duration(to: clock.now)) }
      }
      let reply = await ask(work.project, work.repeatsAttempt, whenSent)
      timestamp?.end()
      let ended = start.duration(to: clock.now)
      var answered = work
      answered.last = Work.LastReply(answer: reply.answer, duration: ended - began, time: wallClock())
      return .attempt(
        Attempt(
          work: answered, isRetry: work.last != nil, reply: reply, began: began, ended: ended,
          isCancelled: Task.isCancelled, executor: executor))
    }
  }

  private mutating func finish(_ attempt: Attempt) {
    inFlight -= 1
    placement.giveBack(attempt.executor)
    let (work, reply) = (attempt.work, attempt.reply)
    let gotResponse = reply.answer.httpStatus != nil
    answers.countRequest(gotResponse: gotResponse, at: attempt.ended)
    // The row stays open.
    if attempt.isCancelled, !gotResponse {
      schedule.putBack(work, at: attempt.ended)
      return count(attempt)
    }
    let decision = settings.retry.decision(
      on: reply, attempts: work.attempts, hadFreshConnection: work.repeatsAttempt, random: collector.random())
    let isLastingOutage = schedule.noteEnd(
      of: work, reply: reply, decision: decision, began: attempt.began, at: attempt.ended)
    count(attempt)
    if isLastingOutage { collector.stop.stop(.gatewayUnreachable(reply.answer.error)) }
    switch decision {
    case .record(let answer): settle(work, answer)
    case .again(let wait):
      collector.report?(.willRetry(work.project, attempt: work.attempts, error: reply.answer.error, wait: wait))
    case .sentAway(let answer, let wait):
      collector.report?(.sentAway(work.project, attempt: work.attempts, error: answer.error, wait: wait))
    case .onFreshConnection: break
    }
  }

  private func count(_ attempt: Attempt) {
    collector.progress.update { [rate = schedule.loweredRate, inFlight, waiting = schedule.waitingForRetry] in
      ($0.inFlight, $0.waiting) = (inFlight, waiting)
      $0.countRequest(
        gotResponse: attempt.reply.answer.httpStatus != nil, isRetry: attempt.isRetry, loweredRate: rate)
    }
  }

  private mutating func settle(_ work: Work, _ answer: Answer) {
    record(work, answer)
    collector.progress.update { $0.outcomes[answer.outcome] += work.project.rows }
    collector.report?(.settled(work.project, answer, attempts: work.attempts))
  }

  private mutating func record(_ work: Work, _ answer: Answer) {
    answers.add(
      CollectedAnswer(
        project: work.project, answer: answer, attempts: work.attempts,
        durationMS: work.last.map { Int($0.duration / .milliseconds(1)) }, fetchedAt: work.last?.time),
      at: now)
  }

  // MARK: Commits

  private mutating func beginCommit(_ group: inout TaskGroup<Event>) {
    guard failure == nil, let time = answers.commitTime, time <= now, let batch = answers.beginCommit() else { return }
    group.addTask { [collector] in .commit(await collector.commit(batch)) }
  }

  /// Commits what is left after ``collect(_:)``, or keeps it beside the ledger if that accepts nothing any more.
  ///
  /// - Throws: the error that ended the run, or ``AnswersLost``.
  mutating func commitRest() async throws {
    if failure == nil, let reason = collector.stop.reason {
      // Projects that were requested in vain; the others are open in the ledger anyway.
      for work in schedule.begunWork() { record(work, Answer(outcome: .skipped, error: reason.rowError)) }
    }
    if let batch = answers.beginCommit(), case .failure(let error) = await collector.commit(batch) {
      failure = failure ?? error
      do {
        try await collector.ledger.setAside(batch.answers, requests: batch.requests, responses: batch.responses)
      } catch _ where !batch.answers.isEmpty {
        throw AnswersLost(count: batch.answers.count, cause: error)
      } catch {}
    }
    if let failure { throw failure }
  }
}

/// Spreads requests over executors as the connections are spread over them. The first executors are filled first: while
/// few requests are in flight, one thread does all the work.
struct ExecutorPlacement: Sendable {
  private var free: [Int]

  init(executors: Int, concurrency: Int) {
    let count = max(1, executors)
    free = (0..<count).map { (concurrency + count - 1 - $0) / count }
  }

  mutating func take() -> Int {
    let executor = free.firstIndex { $0 > 0 } ?? 0
    free[executor] -= 1
    return executor
  }

  mutating func giveBack(_ executor: Int) { free[executor] += 1 }
}
