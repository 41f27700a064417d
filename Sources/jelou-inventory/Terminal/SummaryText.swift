import Collecting
import InventoryJobs
import InventoryModel
import Logging
import TextFormats

/// The summary of a run as text for people: the results first, then the causes of missing answers, then the files.
struct SummaryText {
  /// Columns of the names on the left.
  private static let nameWidth = 11
  /// Causes that are listed. The log record has more.
  private static let causesShown = 6

  let summary: RunSummary
  let console: Console

  /// - Parameter width: columns of the terminal; nil for lines of any length.
  func lines(width: Int?) -> [String] {
    let layout = TextLayout(width: width)
    var lines = [""] + layout.lines(title).map { console.styled($0, .bold) } + [""]
    for (name, text, style) in results {
      let start = name + String(repeating: " ", count: max(1, Self.nameWidth - name.count))
      let entry = layout.lines(text, start: start, indent: Self.nameWidth)
      lines += style.map { style in entry.map { console.styled($0, style) } } ?? entry
      if name == Self.noAnswer { lines += causes(layout) }
    }
    for text in [verdict, summary.resumption, summary.suspicion].compactMap({ $0 }) {
      lines += [""] + layout.paragraph(text.visible).map { console.styled($0, .yellow) }
    }
    return lines
  }

  private static let noAnswer = "No answer"

  /// `Run 12 finished in 9.6 s: projects.csv, 118 rows`
  private var title: String {
    let record = summary.record
    let list = record.listPath == "-" ? "standard input" : record.listPath.visible
    let shard = Shard(record.shard).map { $0.isWhole ? "" : ", shard \($0)" } ?? ""
    let duration = record.finishedAt.map { finishedAt in
      Duration.milliseconds(finishedAt.milliseconds - record.startedAt.milliseconds).inWords
    }
    let end =
      switch record.state {
      case .finished, .running: "finished in \(duration ?? "?")"
      case .held: "finished in \(duration ?? "?") and is held"
      case .interrupted: "was interrupted after \(duration ?? "?")"
      case .stopped: "stopped after \(duration ?? "?")"
      }
    return "Run \(record.id) \(end): \(list)\(shard), "
      + record.listRows.counted("row", "rows")
  }

  /// The named parts of the summary, in order.
  private var results: [(name: String, text: String, style: Console.Style?)] {
    let outcomes = summary.outcomes
    var results: [(name: String, text: String, style: Console.Style?)] = [
      (
        "Answered",
        "\(outcomes.answered) of \(outcomes.total)"
          + (outcomes.answered == 0
            ? "" : ": \(outcomes[.found]) with an integration, \(outcomes[.notFound]) without"),
        summary.unanswered == 0 ? .green : nil
      )
    ]
    if let changes { results.append(("Changes", changes, nil)) }
    if let findings { results.append(("Findings", findings, nil)) }
    if summary.unanswered > 0 {
      let counts = Outcome.allCases.filter { !$0.isAnswer && outcomes[$0] > 0 }.map { "\(outcomes[$0]) \($0.rawValue)" }
      results.append(
        (
          Self.noAnswer, "\(summary.unanswered.counted("row", "rows")): \(counts.joined(separator: ", "))", .red
        ))
    }
    for check in summary.conditions { results.append(("--fail-on", matches(of: check), .yellow)) }
    results.append(("Requests", requests, nil))
    if !summary.files.isEmpty { results.append(("Files", files, nil)) }
    return results
  }

  /// `since run 11 (1 Oct): 3 added, 5 gone, 11 changed`; nil if the run was not compared.
  private var changes: String? {
    let changes = summary.changes
    let order: [(Change, String)] = [
      (.added, "added"), (.gone, "gone"), (.changed, "changed"), (.new, "new"), (.unknown, "unknown"),
    ]
    var counts = order.filter { changes[$0.0] > 0 }.map { "\(changes[$0.0]) \($0.1)" }
    if changes.unlisted > 0 { counts.append("\(changes.unlisted) no longer listed") }
    guard let previous = summary.previousRun else {
      return counts.isEmpty ? nil : counts.joined(separator: ", ")
    }
    let since = "since run \(previous.id) (\(previous.startedAt.day(inYearOf: summary.record.startedAt)))"
    return counts.isEmpty ? "none \(since)" : "\(since): \(counts.joined(separator: ", "))"
  }

  private var findings: String? {
    let counts = Severity.allCases.filter { summary.findings[$0] > 0 }.map {
      "\(summary.findings[$0]) \($0.rawValue)"
    }
    return counts.isEmpty ? nil : counts.joined(separator: ", ")
  }

  private func causes(_ layout: TextLayout) -> [String] {
    let causes = summary.causes.first.prefix(Self.causesShown)
    let width = String(causes.map(\.rows).max() ?? 0).count
    var lines: [String] = []
    for cause in causes {
      let text = text(of: cause)
      let count = String(cause.rows)
      let start = "  " + String(repeating: " ", count: max(0, width - count.count)) + count + " "
      lines += layout.lines(text.sentence, start: start, indent: start.count)
      // With many causes, the messages would hide them; the reports have them all.
      if causes.count <= 3, let message = text.message {
        let indent = String(repeating: " ", count: start.count)
        lines += layout.lines("first message: \(message)", start: indent, indent: start.count)
      }
    }
    let others = summary.causes.count - causes.count
    if others > 0 {
      lines += layout.lines(
        "and \(others.counted("more cause", "more causes")); the reports list all", start: "  ", indent: 2)
    }
    return lines
  }

  private func text(of cause: UnansweredCause) -> CauseText {
    CauseText(cause: cause, isResumable: summary.databasePath != nil)
  }

  /// `finding:high matched 12 rows: line 3 alpha (webhook-invalid), …`
  private func matches(of check: ConditionCheck) -> String {
    var rows = check.first.map { match in
      let row = "line \(match.line) \(match.projectID.visible.clipped(to: 60))"
      return check.condition == .notFound ? row : "\(row) (\(match.what.visible))"
    }
    if check.rows > rows.count { rows.append("…") }
    return "\(check.condition) matched \(check.rows.counted("row", "rows")): \(rows.joined(separator: ", "))"
  }

  private var requests: String {
    var text = String(summary.record.requests)
    if summary.retries > 0 { text += ", \(summary.retries) of them \(summary.retries == 1 ? "a retry" : "retries")" }
    guard summary.throttled > .zero else { return text }
    return text + "; \(throttling) for \(summary.throttled.inWords)"
  }

  /// The files by folder, so that long paths are not repeated.
  private var files: String {
    var folders: [(name: String, files: [String])] = []
    for file in summary.files {
      let (folder, name) = Self.split(file)
      if let last = folders.indices.last, folders[last].name.isExactly(folder) {
        folders[last].files.append(name)
      } else {
        folders.append((folder, [name]))
      }
    }
    return folders.map { folder in
      guard folder.files.count > 1, !folder.name.isEmpty else { return (folder.name + folder.files[0]).visible }
      return "in \(folder.name): \(folder.files.joined(separator: ", "))".visible
    }.joined(separator: "; ")
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    let end = path.index(after: slash)
    return (String(path[..<end]), String(path[end...]))
  }

  /// The verdict, or what to do about rows without an answer.
  private var verdict: String? {
    guard summary.status == .incomplete else { return summary.verdict }
    if summary.resumption != nil { return nil }
    let causes = summary.causes.first.map(text(of:))
    let retry = summary.databasePath == nil ? "run again" : "run again with --retry-failed"
    return
      if causes.allSatisfy(\.needsNewRun)
    {
      "Fix the causes, then start a new run."
    } else if causes.contains(where: \.mayNeedNewRun) {
      "Fix the causes, then \(retry); a changed list or --base-url needs a new run."
    } else {
      "Fix the causes, then \(retry)."
    }
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
    guard Rate(summary.record.rate)?.interval != nil else { return "the gateway limited the rate" }
    let share = Shard(summary.record.shard).map { $0.isWhole ? "" : " divided by \($0.count)" } ?? ""
    return "the gateway kept the rate below \(summary.record.rate)\(share)"
  }
}
