/// Decides whether refusals are caused by the rate, from their share of the answers.
///
/// It is a cumulative sum (E. S. Page, "Continuous inspection schemes", 1954): each refusal adds one, each other answer
/// subtracts the tolerated share. While refusals are rarer than that, the sum stays near zero. When the rate is too high,
/// the sum reaches its limit within a few requests. Refusals at a rate well below the level at which requests were refused
/// before have other causes, and raise the tolerated share.
struct RefusalMeter: Sendable {
  /// The share that is tolerated from the beginning.
  private static let leastShare = 0.01
  private static let limit = 4.0
  /// Consecutive refusals that suffice.
  private static let rowLimit = 3
  /// How much the limit grows with the share of refusals that have other causes: the more there are, the more of them come
  /// together by chance.
  private static let limitPerShare = 400.0
  private static let largestLimit = 10.0
  /// If refusals were caused by the rate and their share at the full level was at most this, there would be none at half
  /// the level.
  private static let slightShare = 0.1
  /// With fewer answers the share of refusals is unknown.
  private static let fewestAnswers = 5
  /// The number of answers after which older ones count half.
  private static let memory = 2000.0
  /// Answers without a refusal that are assumed, so that the first few do not decide.
  private static let prior = 100.0

  private var sum = 0.0
  private var refusalsInARow = 0
  /// Since the sum was last zero.
  private var answers = 0
  private var refusals = 0
  /// Whether there were few refusals when the rate was last found to be too high.
  private var wereFew = false
  /// At rates well below the level.
  private var unrelatedRefusals = 0.0
  private var answersBelow = 0.0

  /// The share of refusals that the rate does not cause.
  private var unrelatedShare: Double { unrelatedRefusals / (answersBelow + Self.prior) }

  /// Records an answer.
  ///
  /// - Parameter isWellBelow: whether the rate is well below the level at which it last caused refusals.
  /// - Returns: if the rate causes refusals, their share of the latest answers, or 0 if that is unknown; otherwise nil.
  mutating func note(isRefusal: Bool, isWellBelow: Bool) -> Double? {
    if isWellBelow, wereFew { learn(isRefusal: isRefusal) }
    answers += 1
    guard isRefusal else {
      refusalsInARow = 0
      sum -= max(Self.leastShare, 2 * unrelatedShare)
      if sum <= 0 { (sum, answers, refusals) = (0, 0, 0) }
      return nil
    }
    refusals += 1
    refusalsInARow += 1
    sum += 1
    let limit = min(Self.limit + Self.limitPerShare * unrelatedShare, Self.largestLimit)
    guard sum >= limit || refusalsInARow >= Self.rowLimit else { return nil }
    let share = answers < Self.fewestAnswers ? 0 : Double(refusals) / Double(answers)
    wereFew = share > 0 && share <= Self.slightShare
    (sum, answers, refusals, refusalsInARow) = (0, 0, 0, 0)
    return share
  }

  private mutating func learn(isRefusal: Bool) {
    answersBelow += 1
    if isRefusal { unrelatedRefusals += 1 }
    guard answersBelow > Self.memory else { return }
    answersBelow /= 2
    unrelatedRefusals /= 2
  }
}
