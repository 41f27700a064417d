import InventoryModel

/// The circuit breaker of one rate-limit bucket for a gateway that asks every request to wait for longer than a run waits:
/// during maintenance, or when the quota of the day is used up.
///
/// If only single projects get such an answer, their rows fail. If all do, the breaker opens, and all work of the bucket is
/// left open. That is the case after ten such answers in a row; after three in a row over at least five seconds, which is
/// quicker where the rate is low; and when nothing else is left to request and no other answer ever came. Until this is
/// known, the work is undecided.
struct LongWaitBreaker: Sendable {
  private static let streak = 10
  private static let shortStreak = 3
  private static let shortStreakTime = Duration.seconds(5)

  /// Work that was sent away since ``since`` and that neither fails nor is left open yet.
  private(set) var undecided: [Work] = []
  /// The earliest time at which any of it may be requested again; nil when there is none.
  private(set) var resumption: Duration?
  private(set) var isOpen = false
  private var since = Duration.zero
  /// Such answers since the last other answer.
  private var inARow = 0
  private var inARowSince = Duration.zero
  private var hadOtherAnswers = false

  /// Adds work that was sent away.
  ///
  /// - Parameter time: when it may be requested again.
  mutating func add(_ work: Work, until time: Duration, at now: Duration) {
    if undecided.isEmpty { since = now }
    if inARow == 0 { inARowSince = now }
    inARow += 1
    undecided.append(work)
    resumption = min(resumption ?? time, time)
    if inARow >= Self.streak || (inARow >= Self.shortStreak && now - inARowSince >= Self.shortStreakTime) {
      isOpen = true
    }
  }

  /// Records any other answer.
  ///
  /// - Parameter began: when its request was sent. Only if that was after the undecided work was sent away does the answer
  ///   show that the gateway meant that work alone.
  /// - Returns: the work that now fails.
  mutating func noteOtherAnswer(began: Duration) -> [Work] {
    inARow = 0
    hadOtherAnswers = true
    guard !isOpen, !undecided.isEmpty, began >= since else { return [] }
    return giveUp()
  }

  /// Decides when nothing else is left to request.
  ///
  /// - Returns: the work that fails; none when the breaker is open now.
  mutating func decide() -> [Work] {
    guard !isOpen, !undecided.isEmpty else { return [] }
    guard hadOtherAnswers else {
      isOpen = true
      return []
    }
    return giveUp()
  }

  private mutating func giveUp() -> [Work] {
    defer {
      undecided = []
      resumption = nil
    }
    return undecided
  }
}
