import InventoryModel
import TextFormats

/// Which requests share one rate limit.
package enum RateScope: Hashable, Sendable {
  case all
  /// One rate limit for each of these credentials.
  case credentials([String])
}

/// Decides what to do next. It has no clock and no network: times are durations since the start of the run.
struct Schedule: Sendable {
  enum Step: Sendable {
    /// Send a request now, and call ``noteEnd(of:reply:decision:began:at:)`` or ``putBack(_:until:)`` when it has ended.
    /// The time at which it is sent must be reported where there is a timestamp.
    case start(Work, SendTimestamp?)
    /// The project gets this answer without a request.
    case settle(Work, Answer)
    /// Fetch the next page of a bucket's pending projects and ``add(_:toBucket:)`` it.
    case fetch(bucket: Int, afterLine: Int, limit: Int)
    /// Call ``noteSend(_:of:)`` as soon as the request is sent.
    case awaitSend(SendTimestamp, SendObserver)
    /// Nothing can start before this time, or before something in progress ends; nil for the latter alone.
    case wait(until: Duration?)
    /// Nothing is left to do or in progress.
    case finished
    /// Everything that is left has to wait at least until this time, which is after the time limit.
    case nothingDueInTime(until: Duration)
    /// The gateway sends everything away that is left, the first at least until this time.
    case sentAway(until: Duration)
  }

  /// What depends on the time at which a request is sent.
  enum SendObserver: Sendable {
    case bucket(Int)
    case credential(String)
  }

  /// Projects fetched from the ledger at a time, for all buckets together.
  static let pageSize = 2000
  /// The fewest that one bucket fetches at a time.
  private static let smallestPage = 50
  /// Projects that may wait for their next attempt or for their credential to be proven. While there are so many, no new
  /// one is started. Bounds memory.
  private static let waitingLimit = 10_000

  private var buckets: [RateLimitBucket]
  private let pageLimit: Int
  private let timeLimit: Duration?
  /// Work that has failed for good with its last answer and is not settled yet.
  private var failed: [Work] = []
  /// Sends that the credential gate has to know of and that are not observed yet.
  private var trialSends: [(SendTimestamp, credential: String)] = []
  /// The bucket that is looked at first, so that those with a due start take turns.
  private var turn = 0
  /// When the passing of time releases held work; nil when only an answer or a send does.
  private var releaseTime: Duration?
  /// The lowest rate, in requests a second, that a bucket is lowered to at present; nil when none is.
  private(set) var loweredRate: Double?
  private var gate = CredentialGate()
  private var budget = RetryBudget()
  private var circuit = CircuitBreaker()

  /// - Parameters:
  ///   - buckets: the number of rate limits, at least one.
  ///   - firstStart: see ``Pacer/init(rate:burst:firstStart:)``.
  ///   - timeLimit: when the run has to end; nil for no limit.
  init(buckets: Int = 1, rate: Rate, burst: Int, firstStart: Duration = .zero, timeLimit: Duration? = nil) {
    self.timeLimit = timeLimit
    self.buckets = (0..<buckets).map { _ in
      RateLimitBucket(pacer: AdaptivePacer(rate: rate, burst: burst, firstStart: firstStart))
    }
    pageLimit = max(Self.smallestPage, Self.pageSize / buckets)
  }

  // MARK: What to do next

  /// The next step at a time.
  ///
  /// - Parameter mayStart: whether a request may be started.
  mutating func next(at now: Duration, mayStart: Bool = true) -> Step {
    if let work = failed.popLast(), let last = work.last { return .settle(work, last.answer) }
    if let fetch = fetch() { return fetch }
    if let (timestamp, credential) = trialSends.popLast() { return .awaitSend(timestamp, .credential(credential)) }
    if let work = takeRefused(at: now) { return .settle(work, Self.refused(work.project.credential)) }
    guard mayStart else { return .wait(until: nil) }
    if let time = releaseTime, time <= now { releaseHeld(at: now) }
    while let candidate = nextCandidate(at: now) {
      switch candidate.start {
      case .afterSend(let timestamp):
        buckets[candidate.bucket].isAwaitingSend = true
        return .awaitSend(timestamp, .bucket(candidate.bucket))
      case .at(let time) where time > now:
        let until = min(time, releaseTime ?? time)
        return candidate.hasWork ? .wait(until: until) : rest(until: until, at: now)
      case .at: break
      }
      turn = (candidate.bucket + 1) % buckets.count
      let work =
        candidate.isRetry
        ? buckets[candidate.bucket].retries.removeFirst() : buckets[candidate.bucket].takeSpread()
      switch gate.admission(of: work.project.credential, at: now) {
      case .refused: return .settle(work, Self.refused(work.project.credential))
      case .held: hold(work, at: now)
      case .admitted:
        if let last = work.last, !work.repeatsAttempt, !budget.allowsRetry(at: now) {
          return .settle(work, last.answer)
        }
        return start(work, at: now)
      }
    }
    return rest(until: releaseTime, at: now)
  }

  private mutating func fetch() -> Step? {
    for index in buckets.indices {
      guard buckets[index].needsPage(of: pageLimit) else { continue }
      buckets[index].isFetching = true
      let line = buckets[index].lastLine
      // The first page is short: in a resumed run the ledger may have to look through many rows for each that is open.
      return .fetch(bucket: index, afterLine: line, limit: line == 0 ? Self.smallestPage : pageLimit)
    }
    return nil
  }

  /// A project whose credential is refused. It need not wait for a start.
  private mutating func takeRefused(at now: Duration) -> Work? {
    guard gate.hasRefused else { return nil }
    for index in buckets.indices where !buckets[index].isClosed {
      guard let work = buckets[index].ready.first else { continue }
      if gate.admission(of: work.project.credential, at: now) == .refused { return buckets[index].takeNext() }
    }
    return nil
  }

  private static func refused(_ credential: String) -> Answer {
    Answer(
      outcome: .skipped,
      error: RowError(
        .credentialRefused,
        "The gateway refused the credential \(credential) (401) \(CredentialGate.limit) times out of "
          + "\(CredentialGate.limit); it was not used again."
      ))
  }

  private struct Candidate {
    var bucket: Int
    var isRetry: Bool
    /// Whether there is work now, and not only when a retry is due.
    var hasWork: Bool
    var start: Pacer.NextStart
  }

  /// The bucket whose next start is the earliest; nil when something in progress has to end first, or nothing is left.
  private func nextCandidate(at now: Duration) -> Candidate? {
    // While an outage is suspected, a new project is the better probe: it may be the others that fail, and they keep
    // their attempts for when the gateway is back.
    let isOut = isOut
    guard let reachable = isOut ? circuit.nextStart(at: now) : now else { return nil }
    let mayBeginNew = buckets.reduce(0) { $0 + $1.waiting } < Self.waitingLimit
    var best: (candidate: Candidate, time: Duration)?
    for offset in buckets.indices {
      let index = (turn + offset) % buckets.count
      guard !buckets[index].isClosed, !buckets[index].isAwaitingSend else { continue }
      let hasNew = mayBeginNew && !buckets[index].ready.isEmpty
      let retryTime = buckets[index].retries.first?.time
      let isRetry = retryTime.map { !hasNew || $0 <= now && !isOut } ?? false
      guard isRetry || hasNew else { continue }
      var time = max(reachable, isRetry ? retryTime ?? now : now)
      var candidate = Candidate(
        bucket: index, isRetry: isRetry, hasWork: !isRetry || time <= now, start: .at(time))
      switch buckets[index].pacer.nextStart(at: now) {
      case .at(let start): time = max(time, start)
      case .afterSend where time > now: break
      case .afterSend(let timestamp):
        candidate.start = .afterSend(timestamp)
        return candidate
      }
      candidate.start = .at(time)
      if best.map({ time < $0.time }) ?? true { best = (candidate, time) }
      if time <= now { break }
    }
    return best?.candidate
  }

  private mutating func start(_ work: Work, at now: Duration) -> Step {
    let credential = work.project.credential
    buckets[work.bucket].inFlight += 1
    circuit.noteStart()
    budget.countRequest(isRetry: work.last != nil, at: now)
    var timestamp = buckets[work.bucket].pacer.start(at: now)
    if gate.start(credential) {
      let observed = timestamp ?? SendTimestamp(started: now)
      trialSends.append((observed, credential))
      timestamp = observed
    }
    return .start(work, timestamp)
  }

  /// What follows when nothing can start until a time; nil when only something in progress can change that.
  private mutating func rest(until time: Duration?, at now: Duration) -> Step {
    if buckets.contains(where: \.isBusy) { return .wait(until: time) }
    if let time {
      guard let timeLimit, time >= timeLimit else { return .wait(until: time) }
      return .nothingDueInTime(until: min(time, resumption ?? time))
    }
    for index in buckets.indices { failed += buckets[index].breaker.decide() }
    if !failed.isEmpty { return next(at: now) }
    return resumption.map(Step.sentAway) ?? .finished
  }

  /// When the gateway is ready again for the first of those that it sends away; nil when no bucket is closed for that.
  private var resumption: Duration? { buckets.filter(\.isClosed).compactMap(\.breaker.resumption).min() }

  /// Whether the gateway seems out of reach. Where only projects are left that have failed before, the fault may be
  /// theirs, and their attempts are limited anyway.
  private var isOut: Bool { circuit.isSuspected && hasNewWork }

  private var hasNewWork: Bool { buckets.contains(where: \.hasNewWork) }

  /// Projects that wait for their next attempt.
  var waitingForRetry: Int { buckets.reduce(0) { $0 + $1.retries.count } }

  // MARK: What has happened

  /// Adds a page of a bucket's pending projects; an empty one is the end of the list.
  mutating func add(_ page: [PendingProject], toBucket index: Int) {
    buckets[index].add(page.map { Work($0, bucket: index) })
  }

  /// Records that a request is sent, or has ended.
  mutating func noteSend(_ timestamp: SendTimestamp, of observer: SendObserver) {
    guard let time = timestamp.time else { return }
    switch observer {
    case .bucket(let index): buckets[index].isAwaitingSend = false
    case .credential(let credential):
      gate.noteSend(of: credential, at: time)
      if buckets.contains(where: { $0.held[ExactText(credential)] != nil }) {
        noteOpening(for: credential, at: time)
      }
    }
  }

  /// Records the end of a request.
  ///
  /// - Parameter decision: on what follows.
  /// - Returns: whether the gateway has been out of reach for so long that the run should stop.
  mutating func noteEnd(
    of work: Work, reply: Reply, decision: RetryPolicy.Decision, began: Duration, at now: Duration
  ) -> Bool {
    let bucket = work.bucket
    let status = reply.answer.httpStatus
    buckets[bucket].inFlight -= 1
    gate.noteEnd(of: work.project.credential, status: status)
    buckets[bucket].release(ExactText(work.project.credential), at: now)
    if circuit.noteEnd(gotResponse: status != nil, at: now) { budget.forgetAnswers() }
    // Refusals because of the rate lower the rate, and a connection that was kept too long is replaced by another.
    if status != 429, reply.retry != .onFreshConnection || work.repeatsAttempt {
      budget.countAnswer(isFailure: reply.retry != .never)
    }
    if status != nil {
      let before = buckets[bucket].pacer.lowered
      buckets[bucket].pacer.note(Self.throttling(of: reply), began: began, at: now)
      noteLoweredRate(ofBucket: bucket, before: before)
    }
    let isLastingOutage = status == nil && hasNewWork && circuit.isLasting(at: now)
    proceed(with: work, after: decision, began: began, at: now)
    return isLastingOutage
  }

  /// A wait that is longer than any run waits does not say at which rate to continue.
  private static func throttling(of reply: Reply) -> Throttling? {
    var throttling = reply.throttling
    if case .after(let wait) = reply.retry, RetryPolicy.isTooLong(wait) { throttling?.pause = nil }
    return throttling
  }

  private mutating func proceed(
    with work: Work, after decision: RetryPolicy.Decision, began: Duration, at now: Duration
  ) {
    var work = work
    if case .sentAway(let answer, let wait) = decision {
      work.last?.answer = answer
      buckets[work.bucket].sendAway(work, until: now + wait, at: now)
    } else if work.last?.answer.httpStatus != nil {
      failed += buckets[work.bucket].breaker.noteOtherAnswer(began: began)
    }
    switch decision {
    case .record, .sentAway: break
    case .again(let wait):
      work.repeatsAttempt = false
      buckets[work.bucket].retries.insert(work, at: now + wait)
    case .onFreshConnection:
      work.repeatsAttempt = true
      buckets[work.bucket].retries.insert(work, at: now)
    }
  }

  /// Takes back the work of a request that was cut off by the end of the run.
  mutating func putBack(_ work: Work, at now: Duration) {
    buckets[work.bucket].inFlight -= 1
    buckets[work.bucket].retries.insert(work, at: now)
  }

  /// Looks at the other buckets only where necessary: while a rate recovers, it changes with every answer.
  private mutating func noteLoweredRate(ofBucket index: Int, before: Double?) {
    let rate = buckets[index].pacer.lowered
    guard rate != before else { return }
    if let rate, rate <= loweredRate ?? .infinity {
      loweredRate = rate
    } else if before == loweredRate {
      loweredRate = buckets.compactMap(\.pacer.lowered).min()
    }
  }

  // MARK: Work that waits for its credential

  private mutating func hold(_ work: Work, at now: Duration) {
    buckets[work.bucket].hold(work)
    noteOpening(for: work.project.credential, at: now)
  }

  private mutating func noteOpening(for credential: String, at now: Duration) {
    guard let time = gate.opening(for: credential, at: now) else { return }
    releaseTime = min(releaseTime ?? time, time)
  }

  /// Releases as much held work as its credentials may have in flight by now.
  private mutating func releaseHeld(at now: Duration) {
    releaseTime = nil
    for index in buckets.indices {
      for credential in buckets[index].held.keys {
        buckets[index].release(credential, count: gate.room(for: credential.string, at: now), at: now)
        if buckets[index].held[credential] != nil { noteOpening(for: credential.string, at: now) }
      }
    }
  }

  // MARK: At the end

  /// How long any bucket's rate was lowered.
  func loweredTime(at now: Duration) -> Duration { buckets.map { $0.pacer.loweredTime(at: now) }.max() ?? .zero }

  /// Work that was requested and has no answer yet. The schedule is not used afterwards.
  func begunWork() -> [Work] { failed + buckets.flatMap(\.begunWork) }
}
