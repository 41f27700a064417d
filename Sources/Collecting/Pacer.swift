/// Hands out the times at which requests may start, so that a rate is held and, while there is work, used to the full.
///
/// The generic cell rate algorithm: starts are an interval apart, and up to `burst` may come together after a pause. A
/// start is reserved ahead, with a slot in the even order of all, and confirmed when its time has come. A start that is
/// late by no more than ``tolerance`` keeps its slot, so that the lateness of timers does not add up. What is lost beyond
/// it is lost: every later slot moves by as much. After a pause of any kind the starts that came due meanwhile are
/// therefore an interval apart from then on, and the gateway never sees more than `burst` together.
///
/// Requests may be sent later than they are confirmed. As many places as a window of a second may hold requests are taken
/// in turn, and a start is confirmed only once a whole window has passed since the last request in its place was really
/// sent. So in no second are more sent, however late a slow connection sends what was let go. Times are counted from any
/// fixed point on a monotonic clock.
package struct Pacer: Sendable {
  /// A reserved start.
  package struct Start: Sendable {
    /// The request must not be sent earlier.
    package let time: Duration
    /// The start's place in the even order; `time` may be earlier by what a burst allows.
    fileprivate let slot: Duration
    /// The pacer's slippage when the slot was set.
    fileprivate let slippage: Duration
    /// In the window.
    fileprivate let place: Int
    /// Which spacing the start was given under; a slower one, or a hold, since then makes it void.
    fileprivate let epoch: Int
  }

  /// By how much a start may be late and keep its slot, so that the next may follow that much sooner than an interval.
  static let tolerance = Duration.milliseconds(5)

  /// Between two starts at the rate that was asked for; nil when there is no limit.
  private let interval: Duration?
  private let burst: Int
  /// Between two starts while the rate is held lower than was asked for.
  private var slowInterval: Duration?
  private var epoch = 0
  /// The slot that is reserved next.
  private var due = Duration.zero
  /// By how much slots have been moved so far; one that was set earlier moves by the difference.
  private var slippage = Duration.zero
  /// The slot after the last one that was used.
  private var nextSlot = Duration.zero
  /// The confirmed starts, by the rate that was asked for and by the lower one.
  private var asked = Conformance()
  private var slowed = Conformance()
  /// Nothing starts before.
  private var heldUntil: Duration
  /// The last request in each place, for as many places as have been taken.
  private var departures: [Departure?] = []
  private var nextPlace = 0
  private let places: Int
  private let window: Duration

  /// By how much a request may take longer to the gateway than another. A place comes round an interval after its window,
  /// or more, so that this costs a thousandth of a high rate at most, and nothing of one up to 1,000 a second.
  private static let delivery = Duration.milliseconds(1)

  /// How soon to look again whether the last request in a place has been sent.
  private static let departurePause = Duration.milliseconds(5)

  /// - Parameter firstStart: no start is earlier. Pacers that share a rate begin one after the other by it, and stay so.
  package init(rate: Rate, burst: Int, firstStart: Duration = .zero) {
    self.burst = burst
    interval = rate.interval
    heldUntil = rate.interval == nil ? .zero : firstStart
    // A second's worth of starts, or a single one where a second has none.
    let starts = interval.map { max(1, Int((.seconds(1) / $0).rounded())) } ?? 1
    places = starts + burst
    window = (interval ?? .zero) * starts + Self.delivery
  }

  private var spacing: Duration? { slowInterval ?? interval }

  private var burstCredit: Duration { (interval ?? .zero) * (burst - 1) }

  /// By how much a start may be earlier than its slot: a burst is that of the whole rate.
  private var credit: Duration { slowInterval == nil ? burstCredit : .zero }

  /// No start conforms before, whatever its slot.
  private var conforming: Duration {
    max(interval == nil ? .zero : asked.time - burstCredit, slowInterval == nil ? .zero : slowed.time)
  }

  /// Reserves the next start: `now` or later.
  package mutating func reserve(at now: Duration) -> Start {
    let place = nextPlace
    nextPlace = (place + 1) % places
    let start = earliest(at: now)
    let slot = max(now, due, heldUntil)
    if let spacing { due = slot + spacing }
    return Start(
      time: max(start, free(place, at: now) ?? start), slot: slot, slippage: slippage, place: place, epoch: epoch)
  }

  /// When a request may follow the last one in the place; nil where there was none.
  private func free(_ place: Int, at now: Duration) -> Duration? {
    guard place < departures.count, let last = departures[place] else { return nil }
    return last.time.map { $0 + window } ?? now + Self.departurePause
  }

  /// The time that ``reserve(at:)`` would give, but for its place in the window.
  func earliest(at now: Duration) -> Duration { max(now, heldUntil, spacing == nil ? now : due - credit) }

  package enum Confirmation: Sendable {
    /// The request may be sent now. Its departure has to be told; nil where nobody asks.
    case go(Departure?)
    /// Another start is to be waited for: the slot has moved, its place is not free yet, or the spacing has become slower.
    case later(Start)
  }

  /// Confirms a reserved start whose time has come.
  package mutating func confirm(_ start: Start, at now: Duration) -> Confirmation {
    var start = start
    if start.epoch != epoch {
      start = reserve(at: now)
      if start.time > now { return .later(start) }
    }
    guard let spacing else { return .go(nil) }
    let slot = start.slot + slippage - start.slippage
    func later(at time: Duration) -> Confirmation {
      .later(Start(time: time, slot: slot, slippage: slippage, place: start.place, epoch: epoch))
    }
    if now < slot - credit { return later(at: slot - credit) }
    // Starts of later slots came first and left no room: it goes to the end of the line.
    if now < conforming { return .later(reserve(at: now)) }
    if interval != nil, let free = free(start.place, at: now), free > now { return later(at: free) }
    use(slot, at: now, spacing: spacing)
    guard interval != nil else { return .go(nil) }
    let departure = Departure(allowed: now)
    while departures.count <= start.place { departures.append(nil) }
    departures[start.place] = departure
    return .go(departure)
  }

  /// Counts a start, and moves all slots that are still to come where it leaves too little room before them.
  private mutating func use(_ slot: Duration, at now: Duration, spacing: Duration) {
    if let interval { asked.count(at: now, spacing: interval) }
    slowed.count(at: now, spacing: spacing)
    nextSlot = max(nextSlot, slot + spacing)
    let room = slowInterval == nil ? asked.time : slowed.time
    guard room > nextSlot else { return }
    slippage += room - nextSlot
    due += room - nextSlot
    nextSlot = room
  }

  /// Keeps starts at least `spacing` apart from `time` on; those that are reserved and not confirmed are void.
  mutating func slow(to spacing: Duration, from time: Duration) {
    slowInterval = spacing
    slowed.time = time
    begin(at: time)
  }

  /// Lets starts come closer together; nil goes back to the rate that was asked for.
  mutating func recover(to spacing: Duration?) {
    slowInterval = spacing
    guard spacing == nil else { return }
    due = max(due, asked.time)
    nextSlot = max(nextSlot, asked.time)
  }

  /// Lets nothing start before a time; the rate stays what it is.
  ///
  /// - Returns: by how much the next start is put off with it.
  mutating func hold(until time: Duration, at now: Duration) -> Duration {
    let next = max(now, heldUntil, spacing == nil ? now : conforming)
    guard time > next else { return .zero }
    heldUntil = time
    begin(at: max(time, slowInterval == nil ? asked.time : slowed.time))
    return time - next
  }

  /// Makes what is reserved void; slots begin anew.
  private mutating func begin(at time: Duration) {
    due = time
    nextSlot = time
    epoch += 1
  }
}

/// The generic cell rate algorithm's state (ITU-T I.371, annex A).
private struct Conformance: Sendable {
  /// The theoretical arrival time of the next start, less the tolerance.
  var time = Duration.zero

  mutating func count(at now: Duration, spacing: Duration) { time = max(time, now - Pacer.tolerance) + spacing }
}
