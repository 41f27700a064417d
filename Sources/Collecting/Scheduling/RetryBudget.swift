/// Keeps retries from multiplying the traffic to a gateway that fails most requests.
///
/// While at least half of the latest answers are failures, there may be one retry for every five first requests in any
/// minute. At other times retries are not limited.
struct RetryBudget: Sendable {
  /// Retries for each first request.
  private static let share = 0.2
  /// The number of latest answers, and how many there must be before retries are limited.
  private static let answersKept = 100
  private static let fewestAnswers = 20
  /// The seconds that are counted: a minute and the current one.
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

  /// Counts a request that is started.
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

  /// Records whether an answer was a failure that a retry could turn into an answer.
  mutating func countAnswer(isFailure: Bool) {
    failures += isFailure ? 1 : 0
    guard answers.count == Self.answersKept else { return answers.append(isFailure) }
    failures -= answers[oldestAnswer] ? 1 : 0
    answers[oldestAnswer] = isFailure
    oldestAnswer = (oldestAnswer + 1) % Self.answersKept
  }

  /// Forgets all answers: failures during an outage say nothing about the gateway afterwards.
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

  /// Moves to the second of `now` and drops those that are older than a minute.
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
