import InventoryModel
import TextFormats

/// The sheet that summarizes the run.
struct SummarySheet {
  static let name = "Summary"
  /// The widths of the columns in characters.
  static let widths: [Double] = [26, 26, 12]

  private(set) var rows: [[SheetCell]] = []
  /// Indexes of the rows that the chart shows.
  let outcomeRows: Range<Int>

  /// - Parameter cutCells: The number of the workbook's cells whose text was cut.
  init(_ run: ReportedRun, cutCells: Int) {
    let record = run.record
    let overview = run.overview
    rows = [[.title("Integration inventory")], []]
    if let held = record.held { rows += [[.heading("Held"), .text("\(held)")], []] }
    rows += Self.facts(record)
    if overview.notTheGateway > 0 {
      rows.append([
        .heading("Check the base URL"), .text("rows with a 404 that is not the gateway's own:"),
        .number(overview.notTheGateway),
      ])
    }
    if cutCells > 0 { rows.append([.heading("Cells cut"), .number(cutCells)]) }
    rows += [[], [.heading("Outcome"), .heading("Rows"), .heading("Share")]]
    outcomeRows = rows.count..<rows.count + Outcome.allCases.count
    let total = max(1, overview.outcomes.total)
    for outcome in Outcome.allCases {
      let count = overview.outcomes[outcome]
      rows.append([.text(outcome.rawValue), .number(count), .share(Double(count) / Double(total))])
    }
    rows += [[], [.heading("Severity"), .heading("Findings")]]
    rows += Severity.allCases.map { [.text($0.rawValue), .number(overview.findings[$0])] }
    rows += [[], [.heading("Rule"), .heading("Severity"), .heading("Findings")]]
    rows += Self.rules(overview)
    rows += [[], [.heading("Change"), .heading("Rows")]]
    rows += Self.changes(overview)
  }

  private static func facts(_ record: RunRecord) -> [[SheetCell]] {
    [
      [.heading("Run"), .text(String(record.id))],
      [.heading("State"), .text(record.state.rawValue)],
      [.heading("List"), .text(record.listPath == "-" ? "standard input" : record.listPath)],
      [.heading("Rows"), .text(String(record.listRows))],
      [.heading("Started (UTC)"), .time(record.startedAt.description)],
      [.heading("Finished (UTC)"), .time(record.finishedAt?.description)],
      [.heading("Gateway"), .text(record.baseURL)],
      [.heading("Version"), .text(record.version)],
    ]
  }

  /// Returns the rules, most severe first, then the most frequent first.
  private static func rules(_ overview: RunOverview) -> [[SheetCell]] {
    let rules = overview.rules.filter { $0.value > 0 }.sorted { one, other in
      (one.key.severity.rank, -one.value, one.key.name) < (
        other.key.severity.rank, -other.value, other.key.name
      )
    }
    if rules.isEmpty { return [[.text("none")]] }
    return rules.map { [.text($0.key.name), .text($0.key.severity.rawValue), .number($0.value)] }
  }

  private static func changes(_ overview: RunOverview) -> [[SheetCell]] {
    let changes = overview.changes
    var rows: [[SheetCell]] = Change.allCases.map { [.text($0.rawValue), .number(changes[$0])] }
    rows.append([.text(ChangesSheet.unlisted), .number(changes.unlisted)])
    if changes.unlisted > overview.unlisted.count {
      rows.append([.empty, .text("of which the sheet Changes names the first \(overview.unlisted.count)")])
    }
    return rows
  }
}
