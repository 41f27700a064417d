import Auditing
import InventoryModel
import TextFormats

/// The sheet that summarizes the run. Its tables show each value in words, and next to it the code that the other
/// sheets contain.
struct SummarySheet {
  /// The key of the sheet's name.
  static let name = "sheet_name_summary"
  /// The widths of the columns in characters.
  static let widths: [Double] = [44, 26, 14, 22]

  private(set) var rows: [[SheetCell]] = []
  /// Indexes of the rows that the chart shows.
  private(set) var outcomeRows = 0..<0
  private let language: Language

  /// - Parameters:
  ///   - cutCells: The number of the workbook's cells whose text was cut.
  ///   - changesSheet: The name of the sheet of changes.
  init(_ run: ReportedRun, cutCells: Int, changesSheet: String, _ language: Language) {
    self.language = language
    rows = [[.title(language.word("title"))], []]
    for note in notes(run, cutCells: cutCells) { rows.append([.text(note)]) }
    if rows.count > 2 { rows.append([]) }
    rows += facts(run.record)
    addOutcomes(run.overview)
    addTable("severity", "findings", Severity.allCases.map { ("severity_", $0.rawValue, run.overview.findings[$0]) })
    addRules(run.overview)
    let changes = run.overview.changes
    addTable(
      "change", "column_rows",
      Change.allCases.map { ("change_", $0.rawValue, changes[$0]) } + [
        ("change_", ChangesSheet.unlisted, changes.unlisted)
      ])
    let named = run.overview.unlisted.count
    if changes.unlisted > named {
      rows.append([.text(language.word("sheet_unlisted", count: named, ["sheet": changesSheet]))])
    }
  }

  /// The sentences above the facts.
  private func notes(_ run: ReportedRun, cutCells: Int) -> [String] {
    var notes: [String] = []
    if let held = run.record.held {
      let sentences = ReportSentences(language: language)
      notes.append(language.word("held_title") + " " + sentences.reason(held))
      notes.append(sentences.advice(heldRun: run.record.id))
    }
    let strangers = run.overview.notTheGateway
    if strangers > 0 { notes.append(language.word("sheet_not_the_gateway", count: strangers)) }
    if cutCells > 0 { notes.append(language.word("sheet_cut_cells", count: cutCells)) }
    return notes
  }

  private func facts(_ record: RunRecord) -> [[SheetCell]] {
    [
      [heading("fact_number"), .text(String(record.id))],
      [heading("fact_state"), .text(language.word("state_\(record.state.rawValue)"))],
      [heading("fact_list"), .text(ReportSentences(language: language).list(record.listPath))],
      [heading("tile_rows"), .text(String(record.listRows))],
      [heading("fact_started"), .time(record.startedAt.description)],
      [heading("fact_finished"), .time(record.finishedAt?.description)],
      [heading("fact_gateway"), .text(record.baseURL)],
      [heading("fact_version"), .text(record.version)],
    ]
  }

  private mutating func addOutcomes(_ overview: RunOverview) {
    rows += [[], [heading("outcome"), heading("column_rows"), heading("column_share"), heading("code")]]
    outcomeRows = rows.count..<rows.count + Outcome.allCases.count
    let total = max(1, overview.outcomes.total)
    for outcome in Outcome.allCases {
      let count = overview.outcomes[outcome]
      rows.append([
        .text(language.word("outcome_\(outcome.rawValue)")), .number(count), .share(Double(count) / Double(total)),
        .text(outcome.rawValue),
      ])
    }
  }

  /// Adds a table of values in words, their numbers, and their codes.
  private mutating func addTable(
    _ kind: String, _ counted: String, _ values: [(key: String, code: String, count: Int)]
  ) {
    rows += [[], [heading(kind), heading(counted), heading("code")]]
    for (key, code, count) in values {
      rows.append([.text(language.word(key + code)), .number(count), .text(code)])
    }
  }

  /// Adds the rules, most severe first, then the most frequent first.
  private mutating func addRules(_ overview: RunOverview) {
    let rules = overview.rules.filter { $0.value > 0 }.sorted { one, other in
      (one.key.severity.rank, -one.value, one.key.name) < (
        other.key.severity.rank, -other.value, other.key.name
      )
    }
    rows += [[], [heading("rule"), heading("findings"), heading("severity"), heading("code")]]
    if rules.isEmpty { rows.append([.text(language.word("findings_none"))]) }
    for (rule, count) in rules {
      rows.append([
        .text(language.word("rule_\(rule.name)")), .number(count),
        .text(language.word("severity_\(rule.severity.rawValue)")), .text(rule.name),
      ])
    }
  }

  private func heading(_ key: String) -> SheetCell { .heading(language.word(key)) }
}
