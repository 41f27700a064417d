import InventoryModel

@testable import Collecting

/// A run of many requests under an ``AdaptivePacer`` against a gateway of the imagination, in no time.
struct PacedRun {
  struct Answer {
    var isTaken: Bool
    var throttling: Throttling?

    static let taken = Answer(isTaken: true)
    static let refused = Answer(isTaken: false, throttling: Throttling(isRefusal: true))
  }

  private(set) var sent: [Duration] = []
  private(set) var refused = 0
  private(set) var pacer: AdaptivePacer
  /// When the last answer came.
  private(set) var end = Duration.zero

  var refusedShare: Double { Double(refused) / Double(sent.count) }

  /// - Parameters:
  ///   - projects: each is asked for until it is answered, a second after it was refused.
  ///   - capacity: requests a second that the program sends at most.
  init(
    rate: String, projects: Int, concurrency: Int = 64, latency: Duration, capacity: Double = 10_000,
    gateway: (Duration) -> Answer
  ) {
    pacer = AdaptivePacer(rate: Rate(rate)!, burst: 1)
    var left = projects
    var retries: [Duration] = []
    var firstRetry = 0
    var inFlight: [(began: Duration, answer: Answer)] = []
    var firstInFlight = 0
    var now = Duration.zero
    func takeIn(_ pacer: inout AdaptivePacer) -> Bool {
      let (began, answer) = inFlight[firstInFlight]
      firstInFlight += 1
      now = max(now, began + latency)
      pacer.note(answer.throttling, began: began, at: now)
      if !answer.isTaken { retries.append(now + .seconds(1)) }
      return answer.isTaken
    }
    while true {
      let isRetryDue = firstRetry < retries.count && retries[firstRetry] <= now
      let hasWork = left > 0 || isRetryDue
      let isAnswerDue = firstInFlight < inFlight.count && inFlight[firstInFlight].began + latency <= now
      if isAnswerDue || (!hasWork || inFlight.count - firstInFlight >= concurrency) && firstInFlight < inFlight.count {
        if !takeIn(&pacer) { refused += 1 }
        end = now
      } else if hasWork {
        if isRetryDue { firstRetry += 1 } else { left -= 1 }
        while true {
          let start = pacer.nextTime(at: now)
          if start <= now { break }
          guard firstInFlight < inFlight.count, inFlight[firstInFlight].began + latency <= start else {
            now = start
            break
          }
          if !takeIn(&pacer) { refused += 1 }
        }
        pacer.start(at: now)?.note(at: now)
        sent.append(now)
        inFlight.append((now, gateway(now)))
        now += .seconds(1 / capacity)
      } else if firstRetry < retries.count {
        now = max(now, retries[firstRetry])
      } else {
        return
      }
    }
  }
}
