import Collecting
import InventoryJobs
import InventoryModel
import Logging
import TextFormats

/// The summary of a run as text for people.
struct SummaryText {
  let summary: RunSummary
  let console: Console

  var lines: [String] {
    let record = summary.record
    var lines = [
      "",
      console.styled("Run \(record.id): \(record.listRows.counted("row", "rows"))", .bold)
        + " of \(listName)\(shard) in \(duration), \(record.requests.counted("request", "requests")), "
        + summary.retries.counted("retry", "retries"), "",
    ]
    for outcome in Outcome.allCases { lines.append(line(for: outcome)) }
    if !summary.causes.first.isEmpty {
      let width = String(summary.causes.first.map(\.rows).max() ?? 0).count
      lines += ["", "Rows without an answer:"]
      lines += summary.causes.first.map {
        "  " + CauseText(cause: $0, isResumable: summary.databasePath != nil).line(width: width)
      }
      if summary.causes.others > 0 {
        lines.append("  … and \(summary.causes.others.counted("more cause", "more causes"))")
      }
    }
    if summary.findings.total > 0 {
      let counts = Severity.allCases.filter { summary.findings[$0] > 0 }.map {
        "\(summary.findings[$0]) \($0.rawValue)"
      }
      lines += ["", "Findings: \(counts.joined(separator: ", "))"]
    }
    for check in summary.conditions {
      lines += ["", console.styled("--fail-on \(check.condition): \(check.rows.counted("row", "rows"))", .yellow)]
      lines += check.first.map { "  line \($0.line)  \($0.projectID.visible.clipped(to: 60))  \($0.what.visible)" }
      let more = check.rows - check.first.count
      if more > 0 { lines.append("  … and \(more) more") }
    }
    if summary.throttled > .zero {
      lines += [
        "",
        "\(throttling) for \(seconds(summary.throttled)).",
      ]
    }
    if !summary.files.isEmpty { lines += ["", "Files:"] + summary.files.map { "  \($0.visible)" } }
    if let verdict = summary.verdict { lines += ["", console.styled(verdict.visible, .yellow)] }
    for text in [summary.resumption, summary.suspicion].compactMap({ $0 }) {
      lines += ["", console.styled(text.visible, .yellow)]
    }
    return lines
  }

  /// The summary as fields of a log record.
  var fields: Logger.Metadata {
    let record = summary.record
    var fields: Logger.Metadata = [
      "run": "\(record.id)", "rows": "\(record.listRows)", "requests": "\(record.requests)",
      "retries": "\(summary.retries)", "state": "\(record.state.rawValue)", "open": "\(summary.openRows)",
      "throttled_s": "\(summary.throttled.components.seconds)", "files": .array(summary.files.map { .string($0) }),
    ]
    if let held = record.held { fields["held"] = .dictionary(["reason": "\(held)"]) }
    if let time = record.resumeAfter { fields["resume_after"] = "\(time)" }
    for outcome in Outcome.allCases { fields[outcome.rawValue] = "\(summary.outcomes[outcome])" }
    for severity in Severity.allCases { fields["findings_\(severity.rawValue)"] = "\(summary.findings[severity])" }
    fields["causes"] = .array(
      summary.causes.first.map { .dictionary(CauseText(cause: $0, isResumable: summary.databasePath != nil).fields) })
    fields["fail_on"] = .array(
      summary.conditions.map { check in
        .dictionary([
          "condition": "\(check.condition)", "rows": "\(check.rows)",
          "first": .array(
            check.first.map {
              .dictionary(["line": "\($0.line)", "project_id": "\($0.projectID)", "what": "\($0.what)"])
            }),
        ])
      })
    return fields
  }

  private var throttling: String {
    // Without a rate limit of the run, there is no rate to compare with.
    guard Rate(summary.record.rate)?.interval != nil else { return "The gateway limited the rate" }
    let share = Shard(summary.record.shard).map { $0.isWhole ? "" : " divided by \($0.count)" } ?? ""
    return "The gateway held the rate lower than \(summary.record.rate)\(share)"
  }

  private var listName: String {
    summary.record.listPath == "-" ? "standard input" : summary.record.listPath.visible
  }

  private var shard: String {
    Shard(summary.record.shard).map { $0.isWhole ? "" : ", shard \($0)," } ?? ""
  }

  private var duration: String {
    guard let finishedAt = summary.record.finishedAt else { return "?" }
    return seconds(.milliseconds(finishedAt.milliseconds - summary.record.startedAt.milliseconds))
  }

  private func seconds(_ duration: Duration) -> String {
    let tenths = Int((duration / .milliseconds(100)).rounded())
    return "\(tenths / 10).\(tenths % 10) s"
  }

  private func line(for outcome: Outcome) -> String {
    let count = summary.outcomes[outcome]
    let name = outcome.rawValue + String(repeating: " ", count: max(0, 18 - outcome.rawValue.count))
    let number = String(count)
    let text = "  \(name)\(String(repeating: " ", count: max(0, 9 - number.count)))\(number)"
    if count == 0 { return console.styled(text, .dim) }
    return console.styled(text, outcome.isAnswer ? .green : .red)
  }
}
