package import InventoryModel
import Ledger
import TextFormats

/// Prints the runs in the database.
package struct RunsJob {
  let database: HistoryDatabase
  let format: DataFormat
  let host: any JobHost

  package init(database: HistoryDatabase, format: DataFormat, host: any JobHost) {
    self.database = database
    self.format = format
    self.host = host
  }

  /// - Returns: the number of runs.
  /// - Throws: ``JobFailure``, `LedgerError`, `FileError`, and ``ReaderGone``.
  package func run() throws -> Int {
    try database.reading { ledger in
      var printer = DataPrinter(format, RunListing.layout, to: DataOutput(host.standardOutput))
      try printer.begin()
      var held: [RunRecord] = []
      for run in try ledger.runs() {
        try printer.row(run)
        if run.record.state == .held { held.append(run.record) }
      }
      try printer.end()
      for run in held { host.notice("run \(run.id) is held: \(run.held?.description ?? "?")") }
      return printer.rowCount
    }
  }
}

extension RunListing: DataRow {
  static let layout = DataLayout(
    names: ["id", "state", "started_at", "finished_at", "duration_ms", "list_path", "list_rows"]
      + Outcome.allCases.map(\.rawValue) + ["requests", "held_reason"],
    tableColumns: [
      TableColumn(title: "RUN", isNumber: true), TableColumn(title: "STATE"), TableColumn(title: "STARTED (UTC)"),
      TableColumn(title: "TIME", isNumber: true), TableColumn(title: "ROWS", isNumber: true),
      TableColumn(title: "FOUND", isNumber: true), TableColumn(title: "NOT FOUND", isNumber: true),
      TableColumn(title: "OTHER", isNumber: true), TableColumn(title: "LIST"),
    ])

  var values: [DataValue] {
    [
      .number(Int(record.id)), .text(record.state.rawValue), .text(record.startedAt.description),
      .text(record.finishedAt?.description), .number(durationMS), .text(record.listPath), .number(record.listRows),
    ] + Outcome.allCases.map { .number(outcomes[$0]) }
      + [.number(record.requests), .text(record.held?.description)]
  }

  var tableCells: [String] {
    [
      String(record.id), record.state.rawValue,
      String(record.startedAt.description.prefix(16)).replacing("T", with: " "),
      time, String(record.listRows), String(outcomes[.found]), String(outcomes[.notFound]),
      String(record.listRows - outcomes.answered), record.listPath,
    ]
  }

  private var durationMS: Int? {
    record.finishedAt.map { Int($0.milliseconds - record.startedAt.milliseconds) }
  }

  private var time: String {
    guard let durationMS else { return "" }
    let seconds = (durationMS + 500) / 1000
    if seconds < 60 { return "\(seconds) s" }
    return seconds < 3600 ? "\(seconds / 60) min" : "\(seconds / 3600) h \(seconds / 60 % 60) min"
  }
}
