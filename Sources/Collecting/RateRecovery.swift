/// The way back to a rate at which a gateway refused requests: quickly to just below it, then slowly beyond.
///
/// As the congestion window of CUBIC (RFC 9438 §4.2), a cubic function of the time since the rate was lowered, with its
/// plateau just below the level. Time passes with answers: where few come, it passes more slowly, so that no gateway meets
/// more than a few refusals in hundreds of answers.
struct RateRecovery: Sendable {
  /// Requests a second at which refusals came.
  let level: Double

  /// The plateau, as a part of the level; the rate begins at half of it.
  private static let plateau = 0.95
  /// From the beginning to the plateau, and from there until the rate is half as high again.
  private static let wayBack = 1.0
  private static let wayBeyond = 15.0
  /// Of fewer answers than these in a second, each counts for its part of a second.
  private static let answersPerSecond = 40.0

  /// In seconds.
  private var time = 0.0
  private var lastAnswer: Duration

  init(level: Double, at now: Duration) {
    self.level = level
    lastAnswer = now
  }

  /// Requests a second.
  var rate: Double {
    let way = time < Self.wayBack ? Self.wayBack : Self.wayBeyond
    let part = (time - Self.wayBack) / way
    return level * Self.plateau * (1 + part * part * part / 2)
  }

  /// Takes in an answer without a refusal.
  mutating func advance(at now: Duration) {
    let pause = max(0, (now - lastAnswer) / .seconds(1))
    lastAnswer = max(lastAnswer, now)
    time += min(pause, max(1, pause) / Self.answersPerSecond)
  }
}
