import GRDB
package import InventoryModel

extension LedgerDatabase {
  /// Calls the body with each settled row of a run and its findings, in list order. All rows are read from one snapshot of
  /// the database.
  ///
  /// - Throws: what `body` throws, and ``LedgerError``.
  package func forEachResult(ofRun run: Int64, _ body: (consuming ResultRow) throws -> Void) throws {
    try reading { db in
      var findings = try FindingsByLine(ofRun: run, in: db)
      let row = try Self.reader(in: db, where: "run_id = ?", [run])
      while try row.next() {
        guard var record = try Self.storedColumns.record(row) else { continue }
        record.findings = try findings.findings(ofLine: record.line)
        try body(record)
      }
    }
  }

  func reading(_ body: (Database) throws -> Void) throws {
    do {
      try pool.read(body)
    } catch let error as DatabaseError {
      throw LedgerError(error, path: path, opening: false)
    }
  }

  /// Calls the body with each settled row in list order, without its findings.
  static func results(
    in db: Database, where condition: String, _ arguments: StatementArguments, limit: Int? = nil,
    _ body: (consuming ResultRow) throws -> Void
  ) throws {
    let row = try reader(in: db, where: condition, arguments, limit: limit)
    while try row.next() {
      if let record = try storedColumns.record(row) { try body(record) }
    }
  }

  /// Reads ``storedColumns`` of settled rows in list order.
  private static func reader(
    in db: Database, where condition: String, _ arguments: StatementArguments, limit: Int? = nil
  ) throws -> RowReader {
    let sql = """
      SELECT \(storedColumns.sql())
      FROM results WHERE \(condition) AND outcome IS NOT NULL ORDER BY line \(limit.map { "LIMIT \($0)" } ?? "")
      """
    return try RowReader(db, sql: sql, arguments)
  }

  private static let storedColumns = RecordColumns(RecordField.stored)
}
