import Collecting
import InventoryModel
import Logging

/// A run's progress as text: rows done and in total, current rate, time left, and what needs attention.
struct ProgressText {
  let progress: CollectingProgress
  let total: Int
  let meter: RateMeter

  init(_ progress: CollectingProgress, total: Int, meter: RateMeter) {
    self.progress = progress
    self.total = total
    self.meter = meter
  }

  private var done: Int { progress.outcomes.total }
  private var percent: Int { total == 0 ? 100 : done * 100 / total }

  /// The progress line for a terminal, at most `width` columns. Parts that do not fit are left out as a whole:
  /// `[#######.............] 46/118 38%  12/s  9 s left  2 failed  8 in flight`.
  func line(width: Int) -> String {
    let count = "\(done)/\(total)"
    // In the order of the line. The smallest rank is the last one to be left out.
    var parts: [(rank: Int, text: String)] = [(0, count)]
    if let rate { parts.append((2, rate)) }
    if let loweredRate { parts.append((4, "limited to \(loweredRate)")) }
    if let timeLeft { parts.append((1, "\(timeLeft) left")) }
    let problems = problems
    if problems.count > 1 { parts.append((3, "\(withoutAnswer) unanswered")) }
    if problems.count == 1 { parts.append((3, problems[0])) }
    if progress.waiting > 0 { parts.append((5, "\(progress.waiting) to retry")) }
    if progress.inFlight > 0 { parts.append((6, "\(progress.inFlight) in flight")) }
    while Self.joined(parts).count > width, let last = parts.map(\.rank).max() { parts.removeAll { $0.rank == last } }
    let replacements = [
      // Each problem in place of their sum.
      (3, problems.joined(separator: "  ")), (0, "\(count) \(percent)%"),
      (0, "\(bar(cells: 10)) \(count) \(percent)%"), (0, "\(bar(cells: 20)) \(count) \(percent)%"),
    ]
    for (rank, text) in replacements {
      guard let index = parts.firstIndex(where: { $0.rank == rank }) else { continue }
      var longer = parts
      longer[index].text = text
      if Self.joined(longer).count <= width { parts = longer }
    }
    return Self.joined(parts)
  }

  /// The progress in a sentence: `46 of 118, 12/s, about 9 s left, 2 failed`.
  var sentence: String {
    var parts = ["\(done) of \(total)"]
    if let rate { parts.append(rate) }
    if let loweredRate { parts.append("limited to \(loweredRate) by the gateway") }
    if let timeLeft { parts.append("about \(timeLeft) left") }
    parts += problems
    if progress.waiting > 0 { parts.append("\(progress.waiting) waiting to retry") }
    // Requests in flight are of interest when none of them ends.
    if meter.requestRate == 0, progress.inFlight > 0 { parts.append("\(progress.inFlight) in flight") }
    return parts.joined(separator: ", ")
  }

  /// The progress as fields of a log record.
  var fields: Logger.Metadata {
    var fields: Logger.Metadata = ["done": "\(done)", "total": "\(total)", "retries": "\(progress.retries)"]
    if let rate = meter.requestRate { fields["per_second"] = "\(Self.tenths(rate))" }
    if let lowered = progress.loweredRate { fields["held_to_per_second"] = "\(Self.tenths(lowered))" }
    if let left = timeLeft { fields["left"] = "\(left)" }
    for outcome in Outcome.allCases where progress.outcomes[outcome] > 0 {
      fields[outcome.rawValue] = "\(progress.outcomes[outcome])"
    }
    return fields
  }

  private static func joined(_ parts: [(rank: Int, text: String)]) -> String {
    parts.map(\.text).joined(separator: "  ")
  }

  private func bar(cells: Int) -> String {
    let filled = percent * cells / 100
    return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: cells - filled) + "]"
  }

  private var withoutAnswer: Int { done - progress.outcomes.answered }

  /// The numbers of rows that have no answer: `2 failed`, `1 invalid response`.
  private var problems: [String] {
    Outcome.allCases.filter { !$0.isAnswer && progress.outcomes[$0] > 0 }.map { outcome in
      let name =
        switch outcome {
        case .invalidResponse: "invalid response"
        case .invalidID: "invalid ID"
        default: outcome.rawValue
        }
      return "\(progress.outcomes[outcome]) \(name)"
    }
  }

  private var rate: String? { meter.requestRate.map { "\(Self.short($0))/s" } }
  private var loweredRate: String? { progress.loweredRate.map { "\(Self.short($0))/s" } }

  /// With one decimal below 10, where it matters.
  private static func short(_ rate: Double) -> String {
    rate < 9.95 && rate > 0 ? tenths(rate) : String(Int(rate.rounded()))
  }

  private static func tenths(_ rate: Double) -> String {
    let tenths = Int((rate * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private var timeLeft: String? {
    guard done < total, let seconds = meter.secondsLeft(for: total - done) else { return nil }
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    if hours > 0 { return "\(hours) h \(minutes) min" }
    return minutes > 0 ? "\(minutes) min \(seconds % 60) s" : "\(seconds) s"
  }
}
