import GRDB
import GRDBSQLite
import InventoryModel

/// Copies the rows of shards into one run, in list order. Verifies that each row belongs to its shard and that no line
/// occurs twice.
struct ShardMerge {
  /// Maximum number of databases open at the same time. If there are more shards, SQLite sorts the rows in temporary
  /// files.
  private static let openAtOnce = 100
  private static let problemsTold = 20
  private static let sorter = "temp.merged_rows"

  let db: Database
  let run: Int64
  let sources: [ShardSource]
  /// Whether an ID, given as UTF-8, belongs to a shard.
  let belongs: (Shard, UnsafeRawBufferPointer) -> Bool
  /// How to wait while another connection holds a shard's database.
  let lockWait: LockWait

  private static let columns = ShardRows.columns.joined(separator: ", ")

  /// - Throws: ``ShardsUnfit`` and `DatabaseError`.
  func copyRows() throws {
    guard sources.count > Self.openAtOnce else {
      try copy(sources, by: "INSERT INTO results (\(Self.columns), run_id) VALUES (\(Self.marks), \(run))")
      return
    }
    try db.execute(sql: "DROP TABLE IF EXISTS \(Self.sorter)")
    try db.execute(sql: "CREATE TABLE \(Self.sorter) (\(Self.columns))")
    for start in stride(from: 0, to: sources.count, by: Self.openAtOnce) {
      try copy(
        Array(sources[start..<min(start + Self.openAtOnce, sources.count)]),
        by: "INSERT INTO \(Self.sorter) (\(Self.columns)) VALUES (\(Self.marks))")
    }
    let doubled = try Int.fetchAll(
      db,
      sql: "SELECT line FROM \(Self.sorter) GROUP BY line HAVING count(*) > 1 ORDER BY line LIMIT \(Self.problemsTold)")
    guard doubled.isEmpty else { throw ShardsUnfit(doubled.map { "line \($0) of the list is in several shards" }) }
    try db.execute(
      sql: """
        INSERT INTO results (\(Self.columns), run_id) SELECT \(Self.columns), \(run) FROM \(Self.sorter) ORDER BY line;
        DROP TABLE \(Self.sorter);
        """)
  }

  private static var marks: String { ShardRows.columns.map { _ in "?" }.joined(separator: ", ") }

  private func copy(_ sources: [ShardSource], by sql: String) throws {
    let insertion = try db.makeStatement(sql: sql)
    let shards = try sources.map { source in
      do { return try ShardRows(source, lockWait: lockWait) } catch { throw Self.unreadable(source, error) }
    }
    var problems: [String] = []
    // The number of rows that belong to another shard, and the line of the first of them.
    var strays = sources.map { _ in (rows: 0, line: 0) }
    var last: (line: Int, shard: Int)?
    while let next = Self.next(shards), let line = shards[next].line {
      let shard = shards[next]
      if !shard.withProjectID({ belongs(shard.source.shard, $0) }) {
        if strays[next].rows == 0 { strays[next].line = line }
        strays[next].rows += 1
      }
      if let last, last.line == line {
        if problems.count < Self.problemsTold {
          problems.append("line \(line) of the list is in \(sources[last.shard].path) and in \(shard.source.path)")
        }
      } else {
        shard.bind(to: insertion.sqliteStatement)
        try insertion.stepOnce(in: db)
      }
      last = (line, next)
      do { try shard.advance() } catch { throw Self.unreadable(shard.source, error) }
    }
    for (source, stray) in zip(sources, strays) where stray.rows > 0 {
      problems.append(
        "shard \(source.shard) (\(source.path)): \(stray.rows) of its rows belong to other shards, "
          + "the first in line \(stray.line)"
      )
    }
    guard problems.isEmpty else { throw ShardsUnfit(problems) }
  }

  /// The index of the shard with the lowest line; nil if no shard has rows left.
  private static func next(_ shards: [ShardRows]) -> Int? {
    var lowest: (index: Int, line: Int)?
    for (index, shard) in shards.enumerated() {
      guard let line = shard.line, line < lowest?.line ?? .max else { continue }
      lowest = (index, line)
    }
    return lowest?.index
  }

  private static func unreadable(_ source: ShardSource, _ error: any Error) -> ShardsUnfit {
    let error = LedgerError(reading: error, path: source.path)
    return ShardsUnfit(["shard \(source.shard): \(error)"])
  }
}

extension Statement {
  /// Executes an insertion whose parameters are already bound, and bypasses GRDB's own copies of them.
  fileprivate func stepOnce(in db: Database) throws {
    let code = sqlite3_step(sqliteStatement)
    sqlite3_reset(sqliteStatement)
    guard code == SQLITE_DONE else { throw DatabaseError(resultCode: db.lastErrorCode, message: db.lastErrorMessage) }
  }
}
