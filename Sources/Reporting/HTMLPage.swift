import InventoryModel

/// What the page tells above and below its table.
struct HTMLPage {
  let run: ReportedRun
  /// Name of the CSV report beside it; nil when there is none.
  let csvFile: String?

  var values: TemplateValues {
    let record = run.record
    var values = TemplateValues()
    values.set("title", "Integration inventory")
    values.set("list_name", listName.visible)
    values.set(
      "facts",
      facts.map { label, value in
        var fact = TemplateValues()
        fact.set("label", label)
        fact.set("value", value.visible)
        return fact
      })
    values.set("total", grouped(record.listRows))
    values.set("tiles", Outcome.allCases.map(tile))
    values.set("severities", Severity.allCases.map(tile))
    values.set(
      "input_columns",
      record.inputColumns.map { name in
        var column = TemplateValues()
        column.set("name", name.visible)
        return column
      })
    values.set("generator", "jelou-inventory \(record.version)")
    if record.listRows > HTMLReport.rowLimit {
      var capped = TemplateValues()
      capped.set("shown", grouped(HTMLReport.rowLimit))
      capped.set("total", grouped(record.listRows))
      if let csvFile { capped.set("csv", csvFile) }
      values.set("capped", capped)
    }
    return values
  }

  private var listName: String {
    let path = run.record.listPath
    return path == "-" ? "standard input" : path.split(separator: "/").last.map(String.init) ?? path
  }

  private var facts: [(label: String, value: String)] {
    let record = run.record
    var facts: [(label: String, value: String)] = [
      ("Run", String(record.id)),
      ("List", "\(record.listPath) (\(grouped(record.listRows)) rows)"),
      ("Started", readable(record.startedAt)),
    ]
    if record.state != .finished { facts.append(("State", "\(record.state.rawValue): some rows are open")) }
    if let finishedAt = record.finishedAt {
      facts.append(("Finished", readable(finishedAt)))
      facts.append(("Duration", duration(from: record.startedAt, to: finishedAt)))
    }
    facts += [
      ("Gateway", record.baseURL),
      ("Rate", record.rate == "0/s" ? "no limit" : record.rate),
      ("Concurrency", String(record.concurrency)),
      ("Requests", grouped(record.requests)),
      ("HTTP responses", grouped(record.responses)),
      ("Version", record.version),
    ]
    return facts
  }

  private func tile(_ outcome: Outcome) -> TemplateValues {
    let count = run.overview.outcomes[outcome]
    var tile = TemplateValues()
    tile.set("outcome", outcome.rawValue)
    tile.set("label", outcome.label)
    tile.set("count", grouped(count))
    tile.set("share", share(count))
    tile.set("zero", count == 0)
    return tile
  }

  private func tile(_ severity: Severity) -> TemplateValues {
    let count = run.overview.findings[severity]
    var tile = TemplateValues()
    tile.set("severity", severity.rawValue)
    tile.set("count", grouped(count))
    tile.set("zero", count == 0)
    return tile
  }

  /// In tenths of a percent, never rounded to nothing or to all.
  private func share(_ count: Int) -> String {
    let total = max(1, run.overview.outcomes.total)
    if count == 0 { return "0 %" }
    if count == total { return "100 %" }
    let tenths = min(999, max(1, (count * 1000 + total / 2) / total))
    return "\(tenths / 10).\(tenths % 10) %"
  }

  private func grouped(_ number: Int) -> String {
    let digits = String(number)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  private func readable(_ time: Timestamp) -> String {
    let text = time.description
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
  }

  private func duration(from start: Timestamp, to end: Timestamp) -> String {
    let seconds = max(0, end.milliseconds - start.milliseconds) / 1000
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    if hours > 0 { return "\(hours) h \(minutes) min" }
    return minutes > 0 ? "\(minutes) min \(seconds % 60) s" : "\(seconds) s"
  }
}

extension Outcome {
  /// For people.
  var label: String {
    switch self {
    case .found: "Found"
    case .notFound: "No integration"
    case .unauthorized: "Unauthorized"
    case .invalidResponse: "Invalid response"
    case .failed: "Failed"
    case .invalidID: "Invalid ID"
    case .skipped: "Skipped"
    }
  }
}
