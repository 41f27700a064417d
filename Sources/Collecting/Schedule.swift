import InventoryModel

/// Whose requests share one rate budget.
package enum RateScope: Hashable, Sendable {
  case all
  /// One budget for each of these credentials.
  case credentials([String])
}

/// What is to be asked next, and when. No clock and no network: time comes in as a duration since the run's start.
///
/// Every rate budget has a lane of its own: its projects, in list order, those that wait for their next attempt, and its
/// pacer. A lane whose time has not come holds up no other.
struct Schedule: Sendable {
  enum Step: Sendable {
    /// Send a request for the work, not before the start's time, and once it is confirmed.
    case start(Work, Pacer.Start, lane: Int)
    /// No request is made any more: this is the project's answer.
    case settle(Work, Answer)
    /// Fetch the next page of a lane's pending projects and ``add(_:toLane:)`` it.
    case refill(lane: Int, afterLine: Int, limit: Int)
    /// Nothing can start before this time.
    case wait(until: Duration)
    /// Nothing is left that is not under way already.
    case finished
    /// What is left has to wait until this time, which is after the time limit.
    case nothingDueInTime(until: Duration)
    /// The gateway sends everybody away who is left, the first until this time.
    case sentAway(until: Duration)
  }

  private struct Lane {
    var pacer: AdaptivePacer
    var ready: [Work] = []
    var readyStart = 0
    var deferred = DeferralHeap()
    /// Work whose credential has as many requests under way as it may have for now, by credential.
    var held: [ExactText: [Work]] = [:]
    var breaker = LongWaitBreaker()
    /// Requests that were handed out and have not ended.
    var underWay = 0
    var lastLine = 0
    var isRefilling = false
    var isExhausted = false

    var left: Int { ready.count - readyStart }
    /// Whether nothing more is asked.
    var isClosed: Bool { breaker.isOpen }

    /// The next project in list order. While the gateway sends projects away, one from anywhere in the page: those that
    /// stand together may belong together, and are sent away for a reason of their own.
    mutating func takeReady() -> Work {
      if !breaker.undecided.isEmpty {
        let spread = (Double(breaker.undecided.count) * 0.618).truncatingRemainder(dividingBy: 1)
        ready.swapAt(readyStart, readyStart + Int(spread * Double(left)))
      }
      defer { readyStart += 1 }
      return ready[readyStart]
    }
  }

  /// Projects fetched from the ledger at a time, for all lanes together, and how many a single lane fetches at least.
  static let pageSize = 2000
  private static let smallestPage = 50
  /// Projects that may wait for their next attempt, or for their credential's first answer; while there are so many,
  /// no new one is begun. Bounds memory.
  private static let waitingLimit = 10_000
  /// How soon to look again when the next page is on its way.
  private static let refillPause = Duration.milliseconds(1)
  /// The same for the answer that held work waits for; the longer it has waited, the less often.
  private static let holdPauses = Duration.milliseconds(2)...Duration.milliseconds(500)

  private var lanes: [Lane]
  private let pageLimit: Int
  private let timeLimit: Duration?
  /// Work that has failed for good with its last answer, and is not settled yet.
  private var failed: [Work] = []
  /// The lane that is looked at first, so that those whose time has come take turns.
  private var turn = 0
  private var waiting = 0
  /// Since when work has been held in vain; nil when some was released just now.
  private var heldSince: Duration?
  /// When time alone lets some of the held work go; nil when it takes an answer.
  private var releaseTime: Duration?
  /// The requests a second that the budgets are held to at present; nil when none is lowered.
  private(set) var loweredRate: Double?
  private var gate = CredentialGate()
  private var budget = RetryBudget()
  private var outage = OutageWatch()

  /// - Parameters:
  ///   - lanes: rate budgets; at least one.
  ///   - firstStart: see ``Pacer/init(rate:burst:firstStart:)``.
  ///   - timeLimit: when the run has to end; nil when it may take as long as it takes.
  init(lanes: Int = 1, rate: Rate, burst: Int, firstStart: Duration = .zero, timeLimit: Duration? = nil) {
    self.timeLimit = timeLimit
    self.lanes = (0..<lanes).map { _ in
      Lane(pacer: AdaptivePacer(rate: rate, burst: burst, firstStart: firstStart))
    }
    pageLimit = max(Self.smallestPage, Self.pageSize / lanes)
  }

  mutating func next(at now: Duration) -> Step {
    if let work = failed.popLast(), let last = work.last { return .settle(work, last.answer) }
    if let refill = refill() { return refill }
    if let time = releaseTime, time <= now { releaseByTime(at: now) }
    while let (lane, isRetry) = nextLane(at: now) {
      turn = (lane + 1) % lanes.count
      if isRetry {
        waiting -= 1
        let work = lanes[lane].deferred.removeFirst().work
        if let last = work.last, !work.repeatsAttempt, !budget.allowsRetry(at: now) {
          return .settle(work, last.answer)
        }
        if let step = step(for: work, lane: lane, isRetry: true, at: now) { return step }
      } else {
        let work = lanes[lane].takeReady()
        if let step = step(for: work, lane: lane, isRetry: false, at: now) { return step }
        hold(work, lane: lane, at: now)
      }
    }
    return pause(at: now) ?? end(at: now)
  }

  /// nil when the work has to wait for its credential's first answer.
  private mutating func step(for work: Work, lane: Int, isRetry: Bool, at now: Duration) -> Step? {
    switch gate.admit(work.project.credential, isRetry: isRetry, at: now) {
    case .go:
      lanes[lane].underWay += 1
      return .start(work, lanes[lane].pacer.reserve(at: now), lane: lane)
    case .refused: return .settle(work, Self.refused(work.project.credential))
    case .hold: return nil
    }
  }

  private static func refused(_ credential: String) -> Answer {
    Answer(
      outcome: .skipped,
      error: RowError(
        .credentialRefused,
        "The gateway refused the credential \(credential) (401) \(CredentialGate.limit) times out of \(CredentialGate.limit); it was not used again."
      ))
  }

  private mutating func refill() -> Step? {
    for lane in lanes.indices {
      guard lanes[lane].left < pageLimit / 2, !lanes[lane].isExhausted, !lanes[lane].isRefilling, !lanes[lane].isClosed
      else { continue }
      lanes[lane].isRefilling = true
      // The first page is short: in a resumed run the ledger may have to look through many rows for each that is open.
      let limit = lanes[lane].lastLine == 0 ? Self.smallestPage : pageLimit
      return .refill(lane: lane, afterLine: lanes[lane].lastLine, limit: limit)
    }
    return nil
  }

  /// The lane whose next request may start first, and whether that is a retry; nil when no lane has anything to send.
  private func nextLane(at now: Duration) -> (lane: Int, isRetry: Bool)? {
    var best: (lane: Int, isRetry: Bool, time: Duration)?
    for offset in lanes.indices {
      let index = (turn + offset) % lanes.count
      guard !lanes[index].isClosed else { continue }
      // A project that was never asked for is the better probe: it may be the others that fail, and they keep their
      // attempts for when the gateway is back.
      let isProbed = isOut && lanes[index].left > 0
      let isRetry = !isProbed && ((lanes[index].deferred.first?.time).map { $0 <= now } ?? false)
      guard isRetry || (lanes[index].left > 0 && waiting < Self.waitingLimit) else { continue }
      let time = lanes[index].pacer.earliest(at: now)
      if best.map({ time < $0.time }) ?? true { best = (index, isRetry, time) }
      if time <= now { break }
    }
    return best.map { ($0.lane, $0.isRetry) }
  }

  /// Until when to wait; nil when there is nothing to wait for.
  private func pause(at now: Duration) -> Step? {
    var until: Duration?
    func atMost(_ time: Duration) { until = min(until ?? time, time) }
    for lane in lanes where !lane.isClosed {
      if lane.isRefilling, lane.left == 0 { atMost(now + Self.refillPause) }
      if let due = lane.deferred.first { atMost(due.time) }
      if !lane.held.isEmpty {
        let pause = (now - (heldSince ?? now)) / 8
        atMost(now + min(max(pause, Self.holdPauses.lowerBound), Self.holdPauses.upperBound))
      }
    }
    if let releaseTime { atMost(max(now, releaseTime)) }
    guard let until else { return nil }
    // What is under way may come back sooner.
    guard let timeLimit, until >= timeLimit, !isUnderWay else { return .wait(until: until) }
    return .nothingDueInTime(until: min(until, resumption ?? until))
  }

  private var isUnderWay: Bool { lanes.contains { !$0.isClosed && $0.underWay > 0 } }

  /// What follows when nothing is left to start or to wait for.
  private mutating func end(at now: Duration) -> Step {
    guard !isUnderWay else { return .finished }
    for lane in lanes.indices { failed += lanes[lane].breaker.decide() }
    if !failed.isEmpty { return next(at: now) }
    return resumption.map(Step.sentAway) ?? .finished
  }

  /// When the gateway is ready again for the first of those that it sends away; nil when no rate budget is closed for it.
  private var resumption: Duration? { lanes.filter(\.isClosed).compactMap(\.breaker.resumption).min() }

  /// Whether a request whose time has come is sent now.
  mutating func confirm(_ start: Pacer.Start, of work: Work, lane: Int, at now: Duration) -> Confirmation {
    guard !lanes[lane].isClosed else { return .closed }
    // First whether anything may go out: a place in the pacer's window must not be taken in vain.
    if isOut, let time = outage.delay(at: now) { return .later(start, at: time) }
    let credential = work.project.credential
    switch gate.mayBegin(credential, at: now) {
    case .refused:
      lanes[lane].underWay -= 1
      return .settle(Self.refused(credential))
    case .hold:
      lanes[lane].underWay -= 1
      if work.last == nil {
        hold(work, lane: lane, at: now)
      } else {
        `defer`(work, lane: lane, until: now + Self.holdPauses.upperBound)
      }
      return .putBack
    case .go: break
    }
    switch lanes[lane].pacer.confirm(start, at: now) {
    case .later(let later): return .later(later, at: later.time)
    case .go(let departure):
      outage.beginRequest()
      let departure = gate.begin(credential, at: now, departure)
      if !lanes[lane].held.isEmpty { noteOpening(for: credential, at: now) }
      budget.countRequest(isRetry: work.last != nil, at: now)
      return .go(departure)
    }
  }

  enum Confirmation: Sendable {
    /// The request's departure has to be told.
    case go(Departure?)
    case later(Pacer.Start, at: Duration)
    /// The schedule has the work again.
    case putBack
    /// No request is made any more: this is the project's answer.
    case settle(Answer)
    /// Nothing more is asked with its rate budget.
    case closed
  }

  /// Takes in what came of a request. ``proceed(with:after:lane:began:at:)`` follows.
  ///
  /// - Returns: whether the gateway has been out of reach for so long that the run should stop.
  mutating func note(_ reply: Reply, to work: Work, lane: Int, began: Duration, at now: Duration) -> Bool {
    let status = reply.answer.httpStatus
    gate.note(work.project.credential, status: status)
    if let held = lanes[lane].held.removeValue(forKey: ExactText(work.project.credential)) {
      release(held, ofLane: lane)
    }
    if outage.note(gotResponse: status != nil, at: now) { budget.forgetAnswers() }
    // Refusals for the sake of the rate are answered by the rate, and a connection that was kept too long by another.
    if status != 429, reply.retry != .onFreshConnection || work.repeatsAttempt {
      budget.countAnswer(isFailure: reply.retry != .never)
    }
    if status != nil {
      let before = lanes[lane].pacer.lowered
      lanes[lane].pacer.note(Self.throttling(of: reply), began: began, at: now)
      noteLoweredRate(ofLane: lane, before: before)
    }
    return status == nil && hasNewWork && outage.isLasting(at: now)
  }

  /// A wait that no run waits says nothing of the rate at which to go on.
  private static func throttling(of reply: Reply) -> Throttling? {
    var throttling = reply.throttling
    if case .after(let wait) = reply.retry, RetryPolicy.isTooLong(wait) { throttling?.pause = nil }
    return throttling
  }

  /// Takes back the work of a request that has ended, and lets follow what was decided about it.
  mutating func proceed(
    with work: Work, after decision: RetryPolicy.Decision, lane: Int, began: Duration, at now: Duration
  ) {
    lanes[lane].underWay -= 1
    var work = work
    if case .sentAway(let answer, let wait) = decision {
      work.last?.answer = answer
      sendAway(work, lane: lane, until: now + wait, at: now)
    } else if work.last?.answer.httpStatus != nil {
      failed += lanes[lane].breaker.noteOtherAnswer(began: began)
    }
    switch decision {
    case .record, .sentAway: break
    case .again(let wait):
      work.repeatsAttempt = false
      self.defer(work, lane: lane, until: now + wait)
    case .onFreshConnection:
      work.repeatsAttempt = true
      self.defer(work, lane: lane, until: now)
    }
  }

  private mutating func sendAway(_ work: Work, lane: Int, until time: Duration, at now: Duration) {
    let wasClosed = lanes[lane].isClosed
    lanes[lane].breaker.add(work, until: time, at: now)
    guard lanes[lane].isClosed, !wasClosed else { return }
    // What waits there holds nothing back elsewhere.
    for held in lanes[lane].held.values { release(held, ofLane: lane) }
    lanes[lane].held = [:]
    waiting -= lanes[lane].deferred.count
  }

  /// Whether the gateway seems out of reach. Where only projects are left that have failed before, it may be them, and
  /// their attempts are limited anyway.
  private var isOut: Bool { outage.isSuspected && hasNewWork }

  private var hasNewWork: Bool {
    lanes.contains { !$0.isClosed && ($0.left > 0 || !$0.isExhausted || !$0.held.isEmpty) }
  }

  /// Looks at the other budgets only where it has to: while a rate comes back, it changes with every answer.
  private mutating func noteLoweredRate(ofLane lane: Int, before: Double?) {
    let rate = lanes[lane].pacer.lowered
    guard rate != before else { return }
    if let rate, rate <= loweredRate ?? .infinity {
      loweredRate = rate
    } else if before == loweredRate {
      loweredRate = lanes.compactMap(\.pacer.lowered).min()
    }
  }

  private mutating func hold(_ work: Work, lane: Int, at now: Duration) {
    lanes[lane].held[ExactText(work.project.credential), default: []].append(work)
    heldSince = heldSince ?? now
    waiting += 1
    noteOpening(for: work.project.credential, at: now)
  }

  private mutating func noteOpening(for credential: String, at now: Duration) {
    guard let time = gate.opening(for: credential, at: now) else { return }
    releaseTime = min(releaseTime ?? time, time)
  }

  /// Lets as much held work go as its credentials may have under way by now.
  private mutating func releaseByTime(at now: Duration) {
    releaseTime = nil
    for lane in lanes.indices {
      for (credential, works) in lanes[lane].held {
        let room = gate.room(for: works[0].project.credential, at: now) ?? works.count
        if room < works.count {
          lanes[lane].held[credential] = Array(works.dropFirst(room))
          noteOpening(for: works[0].project.credential, at: now)
        } else {
          lanes[lane].held[credential] = nil
        }
        if room > 0 { release(Array(works.prefix(room)), ofLane: lane) }
      }
    }
  }

  /// Puts held work back in list order, where each is held again if need be.
  private mutating func release(_ held: [Work], ofLane lane: Int) {
    heldSince = nil
    waiting -= held.count
    let rest = lanes[lane].ready[lanes[lane].readyStart...]
    let isInOrder = (held.last?.project.line ?? 0) <= (rest.first?.project.line ?? .max)
    let ready = held + rest
    lanes[lane].ready = isInOrder ? ready : ready.sorted { $0.project.line < $1.project.line }
    lanes[lane].readyStart = 0
  }

  /// Takes in a page; an empty one is the end of the list.
  mutating func add(_ page: [PendingProject], toLane lane: Int) {
    lanes[lane].isRefilling = false
    guard let last = page.last else {
      lanes[lane].isExhausted = true
      return
    }
    lanes[lane].lastLine = last.line
    lanes[lane].ready.removeFirst(lanes[lane].readyStart)
    lanes[lane].readyStart = 0
    lanes[lane].ready += page.map(Work.init)
  }

  /// Puts work back until its time has come.
  mutating func `defer`(_ work: Work, lane: Int, until time: Duration) {
    lanes[lane].deferred.insert(work, at: time)
    if !lanes[lane].isClosed { waiting += 1 }
  }

  /// How long any rate budget was held lower than was asked for.
  func loweredTime(at now: Duration) -> Duration { lanes.map { $0.pacer.loweredTime(at: now) }.max() ?? .zero }
  /// Work that was asked for and has no answer yet; the schedule is not used afterwards.
  func begunWork() -> [Work] {
    // New work is never held back once it was asked for.
    failed + lanes.flatMap { $0.deferred.works + $0.breaker.undecided }
  }
}
