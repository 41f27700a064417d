import GRDB
package import InventoryModel

extension Ledger {
  /// Enters a run with all rows of its list in one transaction: either the whole list is in, or nothing.
  ///
  /// - Parameters:
  ///   - record: the run; its `id` and `listRows` are set here.
  ///   - next: the list's next row and how it enters, or nil at its end. What it throws is passed on, and nothing stays.
  ///   - digest: of the whole list, asked for at its end.
  ///   - wholeListRows: rows of the whole list, asked for at its end; nil where all of them are entered.
  package func beginRun(
    _ record: RunRecord, rows next: () throws -> (ListRow, RowAdmission)?, digest: () -> String,
    wholeListRows: () -> Int? = { nil }
  ) throws -> RunRecord {
    var record = record
    do {
      // Readers would hold on to the log.
      (pool as? DatabasePool)?.invalidateReadOnlyConnections()
      try pool.writeWithoutTransaction { db in
        // Every row is of the run that is entered before them.
        try db.execute(sql: "PRAGMA foreign_keys = OFF")
        defer { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
        try Self.withoutNeedlessLog(in: db) {
          try db.inTransaction(.immediate) {
            try Self.insert(&record, in: db)
            var statement = try RowStatement(db, sql: Self.insertRow)
            var rows = 0
            var repetitions = Repetitions()
            while let (row, admission) = try next() {
              try Self.insert(row, admission, run: record, by: &statement)
              repetitions.note(row.projectID)
              rows += 1
            }
            record.listRows = rows
            record.wholeListRows = wholeListRows() ?? rows
            record.listDigest = digest()
            try db.execute(
              sql: "UPDATE runs SET list_rows = ?, whole_list_rows = ?, list_digest = ? WHERE id = ?",
              arguments: [rows, record.wholeListRows, record.listDigest, record.id])
            if repetitions.mayBe { try Self.shareRequests(ofRun: record.id, of: repetitions.projects, in: db) }
            return .commit
          }
        }
      }
    } catch let error as DatabaseError {
      throw LedgerError(error, path: path, opening: false)
    }
    return record
  }

  /// Lets a database without runs do without its log, for a list that would go through it and then once more into the
  /// database: a transaction that only adds has nearly nothing to keep for its undoing.
  private static func withoutNeedlessLog(in db: Database, _ body: () throws -> Void) throws {
    guard try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal",
      try Int.fetchOne(db, sql: "SELECT id FROM runs LIMIT 1") == nil
    else { return try body() }
    do {
      try db.execute(sql: "PRAGMA journal_mode = DELETE")
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      // Somebody looks into it at this moment.
      return try body()
    }
    let result = Result { try body() }
    try db.execute(sql: "PRAGMA journal_mode = WAL")
    try result.get()
  }

  /// The projects of which a list may have more than one row.
  private struct Repetitions {
    /// Beyond so many, all rows are gone through.
    private static let limit = 10_000

    private var filter = RepetitionFilter()
    /// nil for any.
    private(set) var projects: [String]? = []

    var mayBe: Bool { projects?.isEmpty != true }

    mutating func note(_ project: String) {
      guard filter.mayRepeat(project) else { return }
      projects?.append(project)
      if projects?.count == Self.limit { projects = nil }
    }
  }

  private static let insertRow = """
    INSERT INTO results (run_id, line, project_id, input, outcome, credential, error_code, error_message)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """

  static func insert(_ record: inout RunRecord, in db: Database) throws {
    var columns = JSONText()
    columns.array { json in for column in record.inputColumns { json.value(column) } }
    try db.execute(
      sql: """
        INSERT INTO runs (state, started_at, list_path, list_rows, input_columns, base_url, rate, concurrency, shard,
          version)
        VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        record.state.rawValue, record.startedAt.description, record.listPath, columns.string, record.baseURL,
        record.rate, record.concurrency, record.shard, record.version,
      ])
    record.id = db.lastInsertedRowID
  }

  private static func insert(
    _ row: ListRow, _ admission: RowAdmission, run: RunRecord, by statement: inout RowStatement
  ) throws {
    statement.bind(run.id)
    statement.bind(row.line)
    statement.bind(row.projectID)
    statement.bind(InputCells.json(columns: run.inputColumns, cells: row.input))
    switch admission {
    case .pending(let credential):
      statement.bind(nil as String?)
      statement.bind(credential)
      statement.bind(nil as String?)
      statement.bind(nil as String?)
    case .refused(let outcome, let error, let credential):
      statement.bind(outcome.rawValue)
      statement.bind(credential)
      statement.bind(error.code.rawValue)
      statement.bind(error.message)
    }
    try statement.run()
  }

  /// Lets rows of the same project and credential share the request of the first of them.
  ///
  /// - Parameter projects: to which the others do not belong; nil where they may be any.
  static func shareRequests(ofRun run: Int64, of projects: [String]? = nil, in db: Database) throws {
    var names = JSONText()
    names.array { json in for project in projects ?? [] { json.value(project) } }
    let isOne = projects == nil ? "" : "AND project_id IN (SELECT value FROM json_each(:projects))"
    try db.execute(
      sql: """
        UPDATE results SET request_line = shared.line
        FROM (
          SELECT project_id, credential, min(line) AS line FROM results
          WHERE run_id = :run AND outcome IS NULL \(isOne)
          GROUP BY project_id, credential HAVING count(*) > 1
        ) AS shared
        WHERE results.run_id = :run AND results.outcome IS NULL
          AND results.project_id = shared.project_id AND results.credential = shared.credential
        """,
      arguments: ["run": run] + (projects == nil ? [:] : ["projects": names.string] as StatementArguments))
  }
}
