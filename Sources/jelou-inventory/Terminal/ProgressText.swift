import Collecting
import InventoryModel
import Logging

/// A run's progress as text: rows done and in total, current rate, rows per outcome, retries and time left.
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

  /// The progress line for the terminal, truncated to `width` columns.
  func line(width: Int) -> String {
    let percent = total == 0 ? 100 : done * 100 / total
    var parts = ["\(bar(percent: percent, cells: width < 80 ? 5 : 20)) \(done)/\(total) \(percent) %"]
    if let rate = meter.requestRate { parts.append("\(tenths(rate))/s") }
    if let lowered = progress.loweredRate { parts.append("held to \(tenths(lowered))/s") }
    if let left = timeLeft { parts.append("\(left) left") }
    for outcome in Outcome.allCases where progress.outcomes[outcome] > 0 {
      parts.append("\(outcome.rawValue) \(progress.outcomes[outcome])")
    }
    if progress.retries > 0 { parts.append("retries \(progress.retries)") }
    return String(parts.joined(separator: "  ").prefix(max(0, width)))
  }

  /// The progress as fields of a log record.
  var fields: Logger.Metadata {
    var fields: Logger.Metadata = ["done": "\(done)", "total": "\(total)", "retries": "\(progress.retries)"]
    if let rate = meter.requestRate { fields["per_second"] = "\(tenths(rate))" }
    if let lowered = progress.loweredRate { fields["held_to_per_second"] = "\(tenths(lowered))" }
    if let left = timeLeft { fields["left"] = "\(left)" }
    for outcome in Outcome.allCases where progress.outcomes[outcome] > 0 {
      fields[outcome.rawValue] = "\(progress.outcomes[outcome])"
    }
    return fields
  }

  private func bar(percent: Int, cells: Int) -> String {
    let filled = percent * cells / 100
    return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: cells - filled) + "]"
  }

  private func tenths(_ rate: Double) -> String {
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
