import GRDB
import InventoryModel

/// Rows of the same project and credential share one request.
///
/// The answer is committed to the first of these rows only, so the duration of a commit does not depend on how often
/// the list repeats a project. The other rows are settled when collecting ends, in one pass over the run.
///
/// Before that, for example in a run that was killed, read the rows through ``rows(indexedBy:)``.
extension LedgerDatabase {
  /// The columns that a row copies from the row that was requested.
  static let answerColumns = RecordField.answered.map(\.column)

  private static let ownColumns = ["run_id", "request_line"] + RecordField.listed.map(\.column)

  /// A source for `FROM`: the table `results`, in which each row has the answer of its request once that is committed.
  ///
  /// - Parameter index: the index that SQLite must use to find the rows; nil for their key. SQLite rejects a statement
  ///   for which it can't use the index.
  static func rows(indexedBy index: String? = nil) -> String {
    let answers = answerColumns.map { "CASE WHEN own.outcome IS NULL THEN request.\($0) ELSE own.\($0) END AS \($0)" }
    let columns = ownColumns.map { "own.\($0) AS \($0)" } + answers
    // A row with its own answer, or a row that shares no request, needs no lookup.
    return """
      (SELECT \(columns.joined(separator: ", "))
      FROM results AS own\(index.map { " INDEXED BY \($0)" } ?? "") LEFT JOIN results AS request
        ON request.run_id = own.run_id AND request.line = CASE WHEN own.outcome IS NULL THEN own.request_line END)
      """
  }

  /// Settles the rows whose request was answered in another row of the run.
  static func settleSharedRows(ofRun run: Int64, in db: Database) throws {
    let isAny = """
      SELECT EXISTS (
        SELECT 1 FROM results INDEXED BY results_request_line WHERE run_id = ? AND request_line IS NOT NULL)
      """
    guard try Bool.fetchOne(db, sql: isAny, arguments: [run]) ?? false else { return }
    let request =
      "FROM results AS request WHERE request.run_id = results.run_id AND request.line = results.request_line"
    let columns = answerColumns.joined(separator: ", ")
    // SQLite keeps in memory which rows a statement will change, so the rows are updated in batches.
    let lastOfSome = """
      SELECT max(line) FROM (SELECT line FROM results WHERE run_id = ? AND line > ? ORDER BY line LIMIT ?)
      """
    var line = 0
    while let last = try Int.fetchOne(db, sql: lastOfSome, arguments: [run, line, rowsSettledTogether]) {
      try db.execute(
        sql: """
          UPDATE results SET (\(columns)) = (SELECT \(columns) \(request))
          WHERE run_id = ? AND line > ? AND line <= ? AND outcome IS NULL AND request_line < line
            AND (SELECT outcome \(request)) IS NOT NULL
          """, arguments: [run, line, last])
      line = last
    }
  }

  private static let rowsSettledTogether = 10_000
}
