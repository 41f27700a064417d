import GRDB
import InventoryModel

/// Rows of the same project and credential share one request. Its answer is committed to one row, the first of them, so
/// that a commit takes as long as its answers take, however often the list repeats their projects. The others are settled
/// with it when collecting ends, all of them in one pass over the run.
///
/// Whoever looks at a run before that, such as one that was killed, reads ``rows(indexedBy:)``.
extension LedgerDatabase {
  /// What a row takes over from the one that was asked for.
  static let answerColumns = RecordField.answered.map(\.column)

  private static let ownColumns = ["run_id", "request_line"] + RecordField.listed.map(\.column)

  /// A source for `FROM`: the table `results` in which each row has the answer of its request as soon as that is committed.
  ///
  /// - Parameter index: through which the rows must be found; nil for their key. SQLite refuses a statement for which it
  ///   can't use the index.
  static func rows(indexedBy index: String? = nil) -> String {
    let answers = answerColumns.map { "CASE WHEN own.outcome IS NULL THEN request.\($0) ELSE own.\($0) END AS \($0)" }
    let columns = ownColumns.map { "own.\($0) AS \($0)" } + answers
    // For a row with an answer of its own, and for one that is alone, there is nothing to look up.
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
    // SQLite gathers in memory which rows a statement is to change.
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
