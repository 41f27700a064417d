import InventoryModel

/// Circuit breaker of one rate budget for a gateway that sends everybody away for longer than a run waits: maintenance,
/// or a quota that is used up for the day.
///
/// A wait that long on a single project is about that project, and the row fails. It is about all of them when nothing
/// but such answers come: ten in a row, or at least three in a row over five seconds or more, which decides in time
/// where the rate is low; or when no other answer came at all until nothing else is left to ask. Until that is plain the
/// work is kept undecided. Once it is, the breaker opens, and all work of the budget is left open.
struct LongWaitBreaker: Sendable {
  private static let streak = 10
  private static let shortStreak = 3
  private static let shortStreakTime = Duration.seconds(5)

  /// Work that was sent away since ``since``, and about which nothing is decided yet.
  private(set) var undecided: [Work] = []
  /// The earliest time at which one of those may come back; nil when there is none.
  private(set) var resumption: Duration?
  private(set) var isOpen = false
  private var since = Duration.zero
  /// Answers of this kind since the last one of any other.
  private var inARow = 0
  private var inARowSince = Duration.zero
  private var hadOtherAnswers = false

  /// Takes in work that was sent away.
  ///
  /// - Parameter time: when it may come back.
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

  /// Takes in any other answer.
  ///
  /// - Parameter began: when its request was sent. Only one that was sent after work was sent away says that the gateway
  ///   meant that work alone.
  /// - Returns: the work that fails with that.
  mutating func noteOtherAnswer(began: Duration) -> [Work] {
    inARow = 0
    hadOtherAnswers = true
    guard !isOpen, !undecided.isEmpty, began >= since else { return [] }
    return giveUp()
  }

  /// Decides when nothing else is left to ask.
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
