import InventoryModel
import TextFormats

/// The projects whose requests share one rate limit, with their pacer.
///
/// A bucket whose next start is not due yet delays no other.
struct RateLimitBucket: Sendable {
  var pacer: AdaptivePacer
  /// Projects that were fetched and not requested yet, in list order.
  private(set) var ready: ArraySlice<Work> = []
  /// Work that waits for its next attempt.
  var retries = RetryQueue()
  /// Work whose credential has as many unanswered requests as it may have for now, by credential.
  private(set) var held: [ExactText: [Work]] = [:]
  private(set) var heldCount = 0
  var breaker = LongWaitBreaker()
  var inFlight = 0
  /// The last line that was fetched.
  private(set) var lastLine = 0
  private(set) var isExhausted = false
  var isFetching = false
  /// Whether the next start waits for the report that an earlier request is sent.
  var isAwaitingSend = false

  init(pacer: AdaptivePacer) { self.pacer = pacer }

  /// Whether no further request is made.
  var isClosed: Bool { breaker.isOpen }

  /// Whether something in progress may allow another request.
  var isBusy: Bool { !isClosed && (inFlight > 0 || isFetching || isAwaitingSend) }

  /// Projects that are kept in memory until their next attempt or until their credential is proven.
  var waiting: Int { isClosed ? 0 : retries.count + heldCount }

  var hasNewWork: Bool { !isClosed && (!ready.isEmpty || !isExhausted || heldCount > 0) }

  /// Adds a page of pending projects; an empty one is the end of the list.
  mutating func add(_ page: [Work]) {
    isFetching = false
    guard let last = page.last else {
      isExhausted = true
      return
    }
    lastLine = last.project.line
    ready += page
  }

  func needsPage(of limit: Int) -> Bool { ready.count < limit / 2 && !isExhausted && !isFetching && !isClosed }

  /// Removes and returns the next project in list order.
  mutating func takeNext() -> Work { ready.removeFirst() }

  /// As ``takeNext()``, but while the gateway sends projects away, a project from anywhere in the page: neighbors may belong
  /// together, and be sent away for a reason of their own.
  mutating func takeSpread() -> Work {
    if !breaker.undecided.isEmpty {
      let spread = (Double(breaker.undecided.count) * 0.618).truncatingRemainder(dividingBy: 1)
      ready.swapAt(ready.startIndex, ready.startIndex + Int(spread * Double(ready.count)))
    }
    return takeNext()
  }

  mutating func hold(_ work: Work) {
    held[ExactText(work.project.credential), default: []].append(work)
    heldCount += 1
  }

  /// Releases held work of a credential, each to be held again if necessary.
  ///
  /// - Parameter count: at most so many; nil for all.
  mutating func release(_ credential: ExactText, count: Int? = nil, at now: Duration) {
    guard heldCount > 0, let works = held[credential] else { return }
    let released = works.prefix(count ?? works.count)
    let rest = works.dropFirst(released.count)
    held[credential] = rest.isEmpty ? nil : Array(rest)
    heldCount -= released.count
    for work in released where work.last != nil { retries.insert(work, at: now) }
    let new = released.filter { $0.last == nil }
    let isInOrder = (new.last?.project.line ?? 0) <= (ready.first?.project.line ?? .max)
    let all = new + ready
    ready = isInOrder ? all[...] : all.sorted { $0.project.line < $1.project.line }[...]
  }

  /// Adds work that the gateway sent away.
  ///
  /// - Parameter time: when it may come back.
  mutating func sendAway(_ work: Work, until time: Duration, at now: Duration) {
    let wasClosed = isClosed
    breaker.add(work, until: time, at: now)
    guard isClosed, !wasClosed else { return }
    for credential in held.keys { release(credential, at: now) }
  }

  /// Work that was requested and has no answer yet.
  var begunWork: [Work] { retries.works + held.values.joined().filter { $0.last != nil } + breaker.undecided }
}
