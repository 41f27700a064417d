/// Raises a lowered rate: quickly to just below the level at which requests were refused, then slowly beyond it.
///
/// Like the congestion window of CUBIC (RFC 9438 §4.2), the rate is a cubic function of the time since it was lowered, with
/// its plateau just below the level. Its time depends on answers: with few answers it passes more slowly, so that no gateway
/// has to refuse more than a few of several hundred requests.
struct RateRecovery: Sendable {
  /// The rate at which requests were refused, in requests a second.
  let level: Double

  /// The plateau, as a share of the level. The rate begins at half of it.
  private static let plateau = 0.95
  /// Seconds from the beginning to the plateau, and from there until the rate is half as high again.
  private static let recoveryTime = 1.0
  private static let growthTime = 15.0
  /// With fewer answers a second than this, each answer advances the time by its share of a second.
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
    let scale = time < Self.recoveryTime ? Self.recoveryTime : Self.growthTime
    let part = (time - Self.recoveryTime) / scale
    return level * Self.plateau * (1 + part * part * part / 2)
  }

  /// Records an answer that is no refusal.
  mutating func advance(at now: Duration) {
    let pause = max(0, (now - lastAnswer) / .seconds(1))
    lastAnswer = max(lastAnswer, now)
    time += min(pause, max(1, pause) / Self.answersPerSecond)
  }
}
