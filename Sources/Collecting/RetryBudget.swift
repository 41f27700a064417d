/// Keeps retries from multiplying the traffic to a gateway that fails broadly.
///
/// While at least half of the latest answers are failures, retries may be at most a fifth of the first requests in any
/// minute. At other times they are not limited: single failures are worth asking again.
struct RetryBudget: Sendable {
  /// Retries for each first request.
  private static let share = 0.2
  /// Answers that are looked at, and how many there must be to judge by.
  private static let answersKept = 100
  private static let fewestAnswers = 20
  /// Seconds that are counted: a minute, and the one that has begun.
  private static let secondsKept = 61

  private struct Second {
    var time: Int64 = -1
    var firsts = 0
    var retries = 0
  }

  private var seconds = [Second](repeating: Second(), count: secondsKept)
  private var firsts = 0
  private var retries = 0
  private var newest: Int64 = 0
  private var answers: [Bool] = []
  private var oldestAnswer = 0
  private var failures = 0

  /// Counts a request that is sent.
  mutating func countRequest(isRetry: Bool, at now: Duration) {
    forget(at: now)
    let index = Int(newest) % Self.secondsKept
    if isRetry {
      seconds[index].retries += 1
      retries += 1
    } else {
      seconds[index].firsts += 1
      firsts += 1
    }
  }

  /// Takes in whether an answer was a failure that asking again could mend.
  mutating func countAnswer(isFailure: Bool) {
    failures += isFailure ? 1 : 0
    guard answers.count == Self.answersKept else { return answers.append(isFailure) }
    failures -= answers[oldestAnswer] ? 1 : 0
    answers[oldestAnswer] = isFailure
    oldestAnswer = (oldestAnswer + 1) % Self.answersKept
  }

  /// Judges anew: what failed while the gateway was out of reach says nothing of how it fares now.
  mutating func forgetAnswers() {
    answers.removeAll(keepingCapacity: true)
    oldestAnswer = 0
    failures = 0
  }

  /// Whether another retry may be sent now.
  mutating func allowsRetry(at now: Duration) -> Bool {
    guard answers.count >= Self.fewestAnswers, failures * 2 >= answers.count else { return true }
    forget(at: now)
    // The oldest second may be part of the minute or not: its retries count, its first requests do not.
    let oldest = seconds[Int(newest + 1) % Self.secondsKept]
    let certain = firsts - (oldest.time == newest - Int64(Self.secondsKept) + 1 ? oldest.firsts : 0)
    return Double(retries + 1) <= Double(certain) * Self.share
  }

  /// Goes to the second of `now`, and drops those that are a minute old.
  private mutating func forget(at now: Duration) {
    let second = max(newest, now.components.seconds)
    let first = max(newest + 1, second - Int64(Self.secondsKept) + 1)
    newest = second
    if first <= second {
      for time in first...second { empty(at: time) }
    }
    if seconds[Int(second) % Self.secondsKept].time != second { empty(at: second) }
  }

  private mutating func empty(at time: Int64) {
    let index = Int(time) % Self.secondsKept
    firsts -= seconds[index].firsts
    retries -= seconds[index].retries
    seconds[index] = Second(time: time)
  }
}
