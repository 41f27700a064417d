/// Hands out the times at which requests may start, so that a rate is held and, while there is work, used to the full.
///
/// The generic cell rate algorithm: starts are an interval apart, and up to `burst` may come together after a pause. A
/// start is reserved ahead, so that a request which is sent a little late does not put off the next.
///
/// As many places as a window of a second may hold requests are taken in turn. A start is confirmed when its time has
/// come, and only once a whole window has passed since the last request in its place was really sent. So in no window are
/// more sent, however late a busy machine or a slow connection sends what was let go. Times are counted from any fixed
/// point on a monotonic clock.
package struct Pacer: Sendable {
  /// A place in the order of starts.
  package struct Start: Sendable {
    /// The request must not be sent earlier.
    package let time: Duration
    fileprivate let place: Int
    /// Which spacing the start was given under; a slower one since then makes it void.
    fileprivate let epoch: Int
  }

  /// Between two starts at the rate that was asked for; nil when there is no limit.
  private let interval: Duration?
  private let burst: Int
  /// Between two starts while the rate is held lower than was asked for.
  private var slowInterval: Duration?
  private var epoch = 0
  /// When the next start would be due if every start came at its time; the algorithm's theoretical arrival time.
  private var due = Duration.zero
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

  package init(rate: Rate, burst: Int) {
    self.burst = burst
    interval = rate.interval
    // A second's worth of starts, or a single one where a second has none.
    let starts = interval.map { max(1, Int((.seconds(1) / $0).rounded())) } ?? 1
    places = starts + burst
    window = (interval ?? .zero) * starts + Self.delivery
  }

  /// Reserves the next start: `now` or later.
  package mutating func reserve(at now: Duration) -> Start {
    guard let spacing = slowInterval ?? interval else { return Start(time: now, place: 0, epoch: epoch) }
    let place = nextPlace
    nextPlace = (place + 1) % places
    let start = earliest(at: now)
    due = max(now, due) + spacing
    return Start(time: max(start, free(place, at: now) ?? start), place: place, epoch: epoch)
  }

  /// When a request may follow the last one in the place; nil where there was none.
  private func free(_ place: Int, at now: Duration) -> Duration? {
    guard place < departures.count, let last = departures[place] else { return nil }
    return last.time.map { $0 + window } ?? now + Self.departurePause
  }

  /// The time that ``reserve(at:)`` would give, but for its place.
  func earliest(at now: Duration) -> Duration {
    guard let spacing = slowInterval ?? interval else { return now }
    return max(now, due - spacing * (slowInterval == nil ? burst - 1 : 0))
  }

  package enum Confirmation: Sendable {
    /// The request may be sent now. Its departure has to be told; nil where nobody asks.
    case go(Departure?)
    /// Another start is to be waited for: the place is not free yet, or the spacing has become slower.
    case later(Start)
  }

  /// Confirms a reserved start whose time has come.
  package mutating func confirm(_ start: Start, at now: Duration) -> Confirmation {
    var start = start
    if start.epoch != epoch {
      start = reserve(at: now)
      if start.time > now { return .later(start) }
    }
    guard interval != nil else { return .go(nil) }
    if let free = free(start.place, at: now), free > now {
      return .later(Start(time: free, place: start.place, epoch: epoch))
    }
    let departure = Departure(allowed: now)
    while departures.count <= start.place { departures.append(nil) }
    departures[start.place] = departure
    return .go(departure)
  }

  /// Keeps starts at least `spacing` apart from `time` on; those that are reserved and not confirmed are void.
  mutating func slow(to spacing: Duration, from time: Duration) {
    slowInterval = spacing
    due = time
    epoch += 1
  }

  /// Lets starts come closer together; nil goes back to the rate that was asked for.
  mutating func recover(to spacing: Duration?) { slowInterval = spacing }
}
