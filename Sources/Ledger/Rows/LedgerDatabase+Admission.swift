import GRDB
package import InventoryModel
import TextFormats

extension LedgerDatabase {
  /// Creates a run and imports all rows of its list in one transaction: either the whole list is stored, or nothing.
  ///
  /// - Parameters:
  ///   - record: the run; its `id` and the properties of its list are set here.
  ///   - next: returns the next row, or nil at the end of the list. If it throws, the error is rethrown and nothing is
  ///     stored.
  ///   - list: returns the properties of the list; called at its end. If it throws, the error is rethrown and nothing
  ///     is stored.
  package func beginRun(
    _ record: RunRecord, rows next: () throws -> ImportedRow?, list: () throws -> ImportedList
  ) throws -> RunRecord {
    var record = record
    do {
      try pool.writeWithoutTransaction { db in
        // Foreign keys need no check, because every row belongs to the run that is inserted before it. A long list also
        // need not be checkpointed or synced before the first request. The next commit syncs it, and until an answer is
        // recorded, there is nothing that a power failure could destroy.
        let checkpoint = try Int.fetchOne(db, sql: "PRAGMA wal_autocheckpoint") ?? 1000
        let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? 2
        try db.execute(
          sql: "PRAGMA foreign_keys = OFF; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = \(min(synchronous, 1))")
        defer {
          try? db.execute(
            sql: """
              PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = \(checkpoint); PRAGMA synchronous = \(synchronous)
              """)
        }
        try db.inTransaction(.immediate) {
          try Self.insert(&record, in: db)
          var insertion = try RowInsertion(db, into: "results", Self.enteredColumns)
          // The large filter: a single project that only seems to repeat costs a pass over all rows before the first
          // request.
          var projects = RepeatedTexts(expecting: nil)
          var rows = 0
          while let row = try next() {
            projects.note(row.projectID)
            try insertion.insert { Self.bind(row, ofRun: record.id, to: &$0) }
            rows += 1
          }
          try insertion.flush()
          let list = try list()
          record.listRows = rows
          record.wholeListRows = list.wholeListRows ?? rows
          record.listDigest = list.digest
          try db.execute(
            sql: "UPDATE runs SET list_rows = ?, whole_list_rows = ?, list_digest = ? WHERE id = ?",
            arguments: [rows, record.wholeListRows, record.listDigest, record.id])
          try Self.shareRequests(ofRun: record.id, of: projects.texts, in: db)
          return .commit
        }
      }
    } catch let error as DatabaseError {
      throw LedgerError(error, path: path, opening: false)
    }
    return record
  }

  private static let enteredColumns = [
    "run_id", "line", "project_id", "input", "credential", "outcome", "error_code", "error_message",
  ]

  private static func bind(_ row: ImportedRow, ofRun run: Int64, to statement: inout RowStatement) {
    statement.bind(run)
    statement.bind(row.line)
    statement.bind(row.projectID)
    statement.bind(row.input)
    switch row.admission {
    case .pending(let credential):
      statement.bind(credential)
      for _ in 0..<3 { statement.bind(nil as String?) }
    case .refused(let outcome, let error, let credential):
      statement.bind(credential)
      statement.bind(outcome.rawValue)
      statement.bind(error.code.rawValue)
      statement.bind(error.message)
    }
  }

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

  /// Makes rows of the same project and credential share the first row's request, and the number of attempts.
  ///
  /// - Parameter projects: candidates, which include all projects that several rows have; nil if any project may be
  ///   shared.
  static func shareRequests(ofRun run: Int64, of projects: [String]? = nil, in db: Database) throws {
    if projects?.isEmpty == true { return }
    var names = JSONText()
    names.array { json in for project in projects ?? [] { json.value(project) } }
    let isOne = projects == nil ? "" : "AND project_id IN (SELECT value FROM json_each(:projects))"
    try db.execute(
      sql: """
        UPDATE results SET request_line = shared.line, attempts = shared.attempts
        FROM (
          SELECT project_id, credential, min(line) AS line, max(attempts) AS attempts FROM results
          WHERE run_id = :run AND outcome IS NULL \(isOne)
          GROUP BY project_id, credential HAVING count(*) > 1
        ) AS shared
        WHERE results.run_id = :run AND results.outcome IS NULL
          AND results.project_id = shared.project_id AND results.credential = shared.credential
        """,
      arguments: ["run": run] + (projects == nil ? [:] : ["projects": names.string] as StatementArguments))
  }
}
