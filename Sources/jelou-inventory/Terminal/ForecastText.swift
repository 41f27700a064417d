import Collecting
import Gateway
import InventoryJobs
import InventoryModel
import ProjectList
import Reporting
import TextFormats

/// The forecast of a run as text for people.
struct ForecastText {
  private static let namesShown = 20
  /// Columns before the values.
  private static let valueStart = 20

  let forecast: Forecast

  /// - Parameter width: columns of the terminal; nil for lines of any length.
  func lines(width: Int?) -> [String] {
    let sections = [list, credentials, run] + (forecast.probes.map { [probes($0)] } ?? []) + [output, warnings]
    let layout = TextLayout(width: width)
    return sections.filter { !$0.isEmpty }.joined(separator: [""]).flatMap { line in
      // Only lines that are too long are laid out anew: spaces align the parts of the others.
      width.map { line.count > $0 } ?? false ? Self.broken(line, layout) : [line]
    }.map { forecast.mask.masked($0) }
  }

  private static func broken(_ line: String, _ layout: TextLayout) -> [String] {
    // A value of a named row continues under itself, other lines in the fourth column.
    let isRow = line.hasPrefix("  ") && !line.hasPrefix("   ")
    let start = isRow ? String(line.prefix(valueStart)) : String(line.prefix { $0 == " " })
    return layout.lines(String(line.dropFirst(start.count)), start: start, indent: isRow ? valueStart : start.count + 2)
  }

  private var list: [String] {
    let (reading, figures) = (forecast.reading, forecast.list)
    let delimiter = reading.delimiter == "tab" ? "tabs" : "\"\(reading.delimiter)\""
    var lines = [
      "List: \(forecast.plan.listName.visible)",
      row("read as", "\(reading.encoding), \(delimiter), \(reading.hasHeader ? "with" : "without") a header"),
      row("ID column", reading.idColumn.visible),
      row("first IDs", reading.firstIDs.map(id).joined(separator: ", ")),
    ]
    if reading.restoresCells { lines.append(row("source", "a spreadsheet report of this program")) }
    if !forecast.plan.shard.isWhole {
      lines.append(row("shard", "\(forecast.plan.shard), of \(forecast.wholeListRows.counted("row", "rows")) in total"))
    }
    lines += [
      row("rows", String(figures.rows)),
      row("projects", String(figures.projects)), row("duplicates", String(figures.duplicates.count)),
    ]
    lines += details(figures.duplicates) { "line \($0.line)  \(id($0.projectID)), first in line \($0.firstLine)" }
    lines.append(row("invalid IDs", String(figures.invalid.count)))
    lines += details(figures.invalid) { "line \($0.line)  \($0.error.code.rawValue): \($0.error.message.visible)" }
    if forecast.doubts.isEmpty { lines.append(row("suspicious IDs", "0")) }
    for doubt in ProjectIDCheck.Doubt.allCases {
      guard let places = forecast.doubts[doubt] else { continue }
      lines.append(row(doubt.label, String(places.count) + linesText(places)))
    }
    return lines
  }

  private var credentials: [String] {
    let figures = forecast.list
    var lines = ["Credentials"]
    lines += forecast.shares.prefix(Self.namesShown).map {
      row(
        "used", "\($0.name.visible): \($0.rows.counted("row", "rows")), \($0.requests.counted("request", "requests"))"
      )
    }
    lines += more(forecast.shares.count - Self.namesShown)
    if forecast.shares.isEmpty { lines.append(row("used", "none")) }
    lines += forecast.unusedCredentials.prefix(Self.namesShown).map { row("not used", $0.visible) }
    lines += more(forecast.unusedCredentials.count - Self.namesShown)
    lines += figures.unknownCredentials.first.map {
      row("unknown", "\(id($0.name)): \($0.rows.counted("row", "rows")), first in line \($0.line)")
    }
    lines += more(figures.unknownCredentials.others)
    if figures.withoutCredential.count > 0 {
      let rows = figures.withoutCredential.count.counted("row", "rows")
      lines.append(row("no credential", rows + linesText(figures.withoutCredential)))
    }
    return lines
  }

  private var run: [String] {
    let (plan, pace) = (forecast.plan, forecast.pace)
    var lines = ["Run"]
    if let earlier = forecast.earlierRun {
      lines.append(row("start", RunOpener.continuing(earlier.record, openRows: earlier.openRows)))
    } else if let left = forecast.leftRun {
      lines.append(row("start", RunOpener.leaving(left.run, openRows: left.openRows).visible))
    } else {
      let nothingOpen = plan.mode == .resume ? "; there is no unfinished run" : ""
      lines.append(row("start", "a new run\(nothingOpen)"))
    }
    let scope = plan.pace.rateBudget == .all ? "for all requests" : "for each credential"
    lines += [
      row("gateway", forecast.baseURL), row("requests", "\(pace.requests), assuming no retries"),
      row("rate", plan.pace.rate.interval == nil ? "no limit" : "\(plan.ownRate) \(scope), burst \(plan.ownBurst)"),
      row("minimum time", pace.leastTime.inWords),
    ]
    let latency =
      "\(pace.latency.inMilliseconds) ms per request (\(forecast.latencyIsMeasured ? "measured" : "assumed"))"
    if let needed = pace.neededConcurrency {
      lines.append(row("concurrency", "\(plan.pace.concurrency); the rate needs \(needed) at \(latency)"))
    } else {
      lines.append(row("concurrency", "\(plan.pace.concurrency), at \(latency)"))
    }
    lines.append(row("expected time", pace.expectedTime.inWords))
    return lines
  }

  private func probes(_ probes: [Forecast.Probe]) -> [String] {
    ["Probe: one request per credential"]
      + probes.map { probe in
        let status = probe.answer.httpStatus.map { "\($0)" } ?? probe.answer.outcome.rawValue
        let time = probe.latencyMS.map { ", \($0) ms" } ?? ""
        let reason = probe.answer.error.map { "  \($0.code.rawValue): \($0.message.visible)" } ?? ""
        return row(probe.verdict.rawValue, "\(probe.project.credential.visible): \(status)\(time)\(reason)")
      }
  }

  private func place(_ path: String?, exists: Bool, otherwise none: String) -> String {
    path.map { $0.visible + (exists ? "" : " (will be created)") } ?? none
  }

  private var output: [String] {
    [
      "Output: writable",
      row(
        "folder", place(forecast.plan.reports.folder, exists: forecast.hasFolder, otherwise: "none (standard output)")),
      row("database", place(forecast.plan.databasePath, exists: forecast.hasDatabase, otherwise: "temporary")),
    ]
  }

  private var warnings: [String] { forecast.warnings.map { "Warning: \($0)." } }

  private func row(_ name: String, _ value: String) -> String {
    "  " + name + String(repeating: " ", count: max(1, Self.valueStart - 2 - name.count)) + value
  }

  private func details<Element>(_ sample: Sample<Element>, _ text: (Element) -> String) -> [String] {
    sample.first.map { "    " + text($0) } + more(sample.others)
  }

  private func more(_ count: Int) -> [String] { count > 0 ? ["    … and \(count) more"] : [] }

  private func linesText(_ sample: Sample<Int>) -> String {
    guard !sample.first.isEmpty else { return "" }
    let lines = sample.first.map(String.init).joined(separator: ", ")
    return " (\(sample.count == 1 ? "line" : "lines") \(lines)\(sample.others > 0 ? ", …" : ""))"
  }

  private func id(_ text: String) -> String { text.visible.clipped(to: 60) }
}
