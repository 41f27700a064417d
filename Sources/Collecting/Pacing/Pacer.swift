/// Decides when the next request may start, so that a rate limit is kept and, while there is work, fully used.
///
/// It is the generic cell rate algorithm (ITU-T I.371, annex A): starts are an interval apart, and up to `burst` may
/// happen together after a pause. A start that is late by no more than ``tolerance`` does not delay the ones after it, so
/// that the lateness of timers does not add up. Any longer delay is lost: the starts that came due meanwhile are an
/// interval apart from then on.
///
/// A request may be sent some time after its start. Therefore a start also waits until a whole window has passed since
/// the request was *sent* that is as many starts back as the window may hold. So no second sees more requests than the
/// rate allows, however late a slow connection sends them. Times count from any fixed point on a monotonic clock.
struct Pacer: Sendable {
  /// By how much a start may be late without delaying the next ones.
  static let tolerance = Duration.milliseconds(5)

  /// By how much one request may take longer to the gateway than another. A start comes an interval after its window or
  /// later, so this costs at most a thousandth of a high rate, and nothing up to 1,000 a second.
  private static let deliveryVariation = Duration.milliseconds(1)

  /// The state of the generic cell rate algorithm.
  private struct CellRate: Sendable {
    let interval: Duration
    /// The theoretical arrival time of the next start.
    var due = Duration.zero

    mutating func count(at now: Duration) { due = (now - due <= Pacer.tolerance ? due : now) + interval }
  }

  /// The rate that was asked for; nil when there is no limit.
  private var asked: CellRate?
  /// The rate while it is lowered; nil while it is not.
  private var lowered: CellRate?
  /// How much earlier than its due time a start may happen: the length of a burst.
  private let credit: Duration
  /// No start is earlier.
  private var heldUntil = Duration.zero
  /// The latest requests, as many as a window and a burst may hold; once it is full, the oldest is at `oldest`.
  private var sends: [SendTimestamp] = []
  private var oldest = 0
  private let windowStarts: Int
  private let window: Duration

  /// - Parameter firstStart: the earliest start. Runs that share a rate limit are spread by it, and stay so.
  init(rate: Rate, burst: Int, firstStart: Duration = .zero) {
    guard let interval = rate.interval else {
      (credit, windowStarts, window) = (.zero, 0, .zero)
      return
    }
    asked = CellRate(interval: interval, due: firstStart)
    heldUntil = firstStart
    credit = interval * (burst - 1)
    // A second's worth of starts, or a single one where a second has none.
    let starts = max(1, Int((.seconds(1) / interval).rounded()))
    windowStarts = starts + burst
    window = interval * starts + Self.deliveryVariation
  }

  enum NextStart: Sendable {
    /// At this time, which is `now` or later.
    case at(Duration)
    /// Not before this earlier request is sent.
    case afterSend(SendTimestamp)
  }

  /// When the next request may start.
  func nextStart(at now: Duration) -> NextStart {
    let time = max(now, conformingStart)
    guard asked != nil, sends.count == windowStarts else { return .at(time) }
    let preceding = sends[oldest]
    return preceding.time.map { .at(max(time, $0 + window)) } ?? .afterSend(preceding)
  }

  /// The earliest start that the rates and holds allow.
  private var conformingStart: Duration {
    max(heldUntil, asked.map { $0.due - credit } ?? .zero, lowered?.due ?? .zero)
  }

  /// Counts a start, whose time has come.
  ///
  /// - Returns: where to report when the request is sent; nil where that does not matter.
  mutating func start(at now: Duration) -> SendTimestamp? {
    lowered?.count(at: now)
    asked?.count(at: now)
    guard asked != nil else { return nil }
    let timestamp = SendTimestamp(started: now)
    if sends.count < windowStarts {
      sends.append(timestamp)
    } else {
      sends[oldest] = timestamp
      oldest = (oldest + 1) % windowStarts
    }
    return timestamp
  }

  /// Keeps starts at least `interval` apart, the first no earlier than `time`.
  mutating func slow(to interval: Duration, from time: Duration) { lowered = CellRate(interval: interval, due: time) }

  /// Lets starts come closer together; nil restores the rate that was asked for.
  mutating func recover(to interval: Duration?) {
    lowered = interval.map { CellRate(interval: $0, due: lowered?.due ?? .zero) }
  }

  /// Allows no start before a time, at an unchanged rate.
  ///
  /// - Returns: by how much that delays the next start.
  mutating func hold(until time: Duration, at now: Duration) -> Duration {
    let next = max(now, conformingStart)
    guard time > next else { return .zero }
    heldUntil = time
    return time - next
  }
}
