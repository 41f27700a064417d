import Auditing
import InventoryModel
import Reporting
import TextFormats

/// Rows with everything in them that has ever broken a report.
enum NastyRows {
  static let inputColumns = ["owner", "outcome", "a,b", "<b>"]

  /// Values that a list or a gateway can hold: none may change, run or break anything.
  static let values: [String?] = [
    "plain", "", nil, "comma, quote \" and ; semicolon", "two\nlines", "CR\r\nLF", " space around ",
    "<script>alert(1)</script>",
    "\" onmouseover=\"alert(1)", "'single'", "=1+2", "=HYPERLINK(\"http://evil.example\")", "+1", "-1", "@cmd", "\t=1",
    "😀 👩‍👩‍👧", "שלום \u{202E}evil\u{202C}", "zero\u{200B}width", "\u{1}\u{1B}[31mred", "007",
    "12345678901234567890", "&amp; &lt;", "{{title}} {{{title}}}", "\\u0000 \\", "\u{2028}line separator",
    "é vs e\u{301}",
  ]

  static var rows: [ResultRow] {
    values.enumerated().map { index, value in
      let line = index + 2
      let input = InputCells.json(columns: inputColumns, cells: [value, nil, "", value])
      let id = value?.isEmpty == false ? value ?? "" : "p\(line)"
      var row = ResultRow(line: line, projectID: id, inputJSON: input, outcome: outcome(index))
      row.credential = "default"
      if row.outcome.isAnswer {
        row.httpStatus = row.outcome == .found ? 200 : 404
      } else {
        row.error = RowError(row.outcome == .failed ? .http(500) : .wrongShape, value ?? "No value.")
        row.httpStatus = row.outcome == .failed ? 500 : 200
      }
      if row.outcome == .found {
        row.integration = Integration(
          id: value, brainID: value, webhookURL: url(value), webhookHost: value, authType: value,
          createdAt: "2026-01-15T10:30:00.000Z", updatedAt: value, extraJSON: #"{"unknown":[1,"\u0000",null]}"#)
      }
      row.findings = findings(value, index)
      row.attempts = index % 4 + 1
      row.durationMS = index * 7
      row.fetchedAt = "2026-11-23T10:00:00.\(100 + index)Z"
      return row
    }
  }

  private static func outcome(_ index: Int) -> Outcome {
    switch index % 5 {
    case 3: .notFound
    case 4: .failed
    case 2 where index > 5: .invalidResponse
    default: .found
    }
  }

  private static func findings(_ value: String?, _ index: Int) -> [Finding] {
    guard index % 3 == 0 else { return [] }
    let findings = [Finding(.webhookInvalid, value ?? "No value."), Finding(.noAuth, "Two."), Finding(.stale, "<i>")]
    return Array(findings.prefix(index % 4 + 1))
  }

  private static func url(_ value: String?) -> String {
    switch value {
    case "plain": "https://hooks.example.com/a?b=c&d=e"
    case "": "javascript:alert(1)"
    case "=1+2": "data:text/html,<script>alert(1)</script>"
    case let value?: "https://hooks.example.com/" + value
    case nil: "HTTP://hooks.example.com/"
    }
  }

  /// The run that these rows are the result of.
  static var run: ReportedRun {
    var overview = RunOverview()
    for row in rows { overview.outcomes[row.outcome] += 1 }
    for finding in rows.flatMap(\.findings) {
      overview.findings[finding.severity] += 1
      overview.rules[finding.rule, default: 0] += 1
    }
    let record = RunRecord(
      id: 7, state: .finished, startedAt: Timestamp(milliseconds: 1_795_428_000_000),
      finishedAt: Timestamp(milliseconds: 1_795_431_661_000), listPath: "lists/<nasty> & \"odd\".csv",
      listRows: rows.count, inputColumns: inputColumns, baseURL: "https://gateway.example.com/v1", rate: "10/s",
      concurrency: 8, version: "0.0.0", requests: 1234, responses: 1200)
    return ReportedRun(record: record, overview: overview)
  }
}
