/// Tells refusals that follow from the rate from those that have other reasons, by their share of the answers.
///
/// A cumulative sum (E. S. Page, "Continuous inspection schemes", 1954): each refusal adds one, each other answer takes off
/// the share that is tolerated. While refusals are rarer than that, the sum stays near zero. Where the rate is too high,
/// they are not: it grows to its limit within a few requests. What is refused although the rate is well below the level at
/// which refusals came follows from something else, and raises the share that is tolerated.
struct RefusalMeter: Sendable {
  /// Tolerated from the beginning: a refusal in a hundred answers.
  private static let leastShare = 0.01
  private static let limit = 4.0
  /// Refusals in a row that leave no doubt.
  private static let rowLimit = 3
  /// The larger the share of refusals that have other reasons, the more of them come together by chance.
  private static let limitPerShare = 400.0
  private static let largestLimit = 10.0
  /// Below this share at the full level there would be none at all at half of it, if they followed from the rate.
  private static let slightShare = 0.1
  /// Of fewer answers the share of refusals says nothing.
  private static let fewestAnswers = 5
  /// Answers after which old ones count half.
  private static let memory = 2000.0
  /// Answers without a refusal that are taken for granted, so that the first few do not decide.
  private static let prior = 100.0

  private var sum = 0.0
  private var refusalsInARow = 0
  /// Since the sum was last at zero.
  private var answers = 0
  private var refusals = 0
  /// Whether the refusals were few when the rate was last found to be too high.
  private var wereFew = false
  /// Those that came although the rate was well below the level.
  private var unrelatedRefusals = 0.0
  private var answersBelow = 0.0

  /// The share of refusals that have other reasons than the rate.
  private var unrelatedShare: Double { unrelatedRefusals / (answersBelow + Self.prior) }

  /// Takes in an answer.
  ///
  /// - Parameter isWellBelow: whether the rate is well below the level at which refusals were last found to follow from it.
  /// - Returns: the share of refusals among the latest answers where they follow from the rate, 0 where that is not known;
  ///   otherwise nil.
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
