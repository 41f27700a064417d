import Foundation
import GRDB
import GRDBSQLite
import Testing

@testable import Ledger
@testable import LedgerQueries

@Suite("A connection for queries")
struct QueryConnectionTests {
  private let temporary: TemporaryLedger

  init() throws {
    temporary = try TemporaryLedger()
    _ = try temporary.begin([pending(2, "a")])
  }

  private func texts(_ sql: String, on connection: QueryConnection) throws -> [[QueryValue]] {
    var rows: [[QueryValue]] = []
    try connection.answer(sql, parameters: [:], timeLimit: nil) { _ in
    } row: {
      rows.append($0)
    }
    return rows
  }

  @Test("can't write even what gets past the authorizer: the file is open for reading only, and so is the connection")
  func layers() throws {
    let connection = try QueryConnection(path: temporary.path)
    #expect(sqlite3_db_readonly(connection.connection.pointer, "main") == 1)
    #expect(try connection.connection.number("PRAGMA query_only") == 1)
    sqlite3_set_authorizer(connection.connection.pointer, nil, nil)
    #expect(throws: DatabaseError.self) { try connection.connection.execute("DELETE FROM runs") }
    try? connection.connection.execute("PRAGMA query_only = 0")
    let error = #expect(throws: DatabaseError.self) { try connection.connection.execute("DELETE FROM runs") }
    #expect(error?.resultCode == .SQLITE_READONLY)
    #expect(try temporary.strings("SELECT count(*) FROM runs") == ["1"])
  }

  @Test("leaves nothing beside a database that nobody else has open")
  func files() throws {
    try temporary.ledger.close()
    let before = try Data(contentsOf: URL(filePath: temporary.path))
    do {
      let connection = try QueryConnection(path: temporary.path)
      #expect(try texts("SELECT count(*) FROM runs", on: connection) == [[.integer(1)]])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.folder.path()) == ["inventory.db"])
    #expect(try Data(contentsOf: URL(filePath: temporary.path)) == before)
  }

  @Test("sees one state of the database for as long as a statement runs, and a later one after it")
  func snapshot() throws {
    let connection = try QueryConnection(path: temporary.path)
    var rows = 0
    try connection.answer("SELECT r.id FROM runs AS r, json_each('[1, 2, 3]')", parameters: [:], timeLimit: nil) { _ in
    } row: { _ in
      rows += 1
      if rows == 1 { _ = try temporary.begin([pending(2, "a")]) }
    }
    #expect(rows == 3)
    #expect(try texts("SELECT count(*) FROM runs", on: connection) == [[.integer(2)]])
  }

  @Test("reads where SQLite can't make its files beside the database, and notices a change meanwhile")
  func still() throws {
    try temporary.ledger.close()
    // SQLite follows no link to a file that it needs.
    try FileManager.default.createSymbolicLink(atPath: temporary.path + "-shm", withDestinationPath: "nowhere")
    let connection = try QueryConnection(path: temporary.path)
    #expect(try texts("SELECT count(*) FROM runs", on: connection) == [[.integer(1)]])
    let error = #expect(throws: LedgerError.self) {
      try connection.answer("SELECT id FROM runs", parameters: [:], timeLimit: nil) { _ in
        try FileManager.default.setAttributes([.modificationDate: Date.now + 1], ofItemAtPath: temporary.path)
      } row: { _ in
      }
    }
    #expect(error?.description.contains("it changed while being read") == true)
  }

  @Test("leaves a database as it is that a killed process has left with a change half done")
  func halfDone() throws {
    try temporary.ledger.close()
    let copy = temporary.folder.appending(component: "copy.db").path()
    let database = try DatabaseQueue(path: temporary.path)
    try database.writeWithoutTransaction { db in
      try db.execute(
        sql: """
          PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN;
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
          INSERT INTO findings SELECT 1, i, 'a', 'stale', 'low', 'detail' FROM n
          """)
      for suffix in ["", "-journal"] {
        try FileManager.default.copyItem(atPath: temporary.path + suffix, toPath: copy + suffix)
      }
      try db.execute(sql: "ROLLBACK")
    }
    let before = try Data(contentsOf: URL(filePath: copy))
    let error = #expect(throws: LedgerError.self) { _ = try QueryConnection(path: copy) }
    #expect(
      error?.description.contains("a process was killed while writing to it") == true, "\(error?.description ?? "")")
    #expect(try Data(contentsOf: URL(filePath: copy)) == before)
    #expect(FileManager.default.fileExists(atPath: copy + "-journal"))
  }

  @Test("counts SQLite's time alone: a reader may take its own")
  func deadline() throws {
    let connection = try QueryConnection(path: temporary.path)
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT i FROM n"
    var count = 0
    try connection.answer(rows, parameters: [:], timeLimit: .seconds(1)) { _ in
    } row: { _ in
      count += 1
      if count == 1 { Thread.sleep(forTimeInterval: 1.2) }
    }
    #expect(count == 100_000)
    let error = #expect(throws: QueryError.self) {
      try connection.answer(
        "SELECT count(*) FROM (\(rows)) AS a, (\(rows)) AS b", parameters: [:], timeLimit: .milliseconds(100)
      ) { _ in
      } row: { _ in
      }
    }
    #expect(error == .outOfTime(limit: .milliseconds(100)))
  }

  @Test("is interrupted from another thread")
  func interrupt() throws {
    let connection = try QueryConnection(path: temporary.path)
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    Thread.detachNewThread { [deadline = connection.deadline] in
      Thread.sleep(forTimeInterval: 0.1)
      deadline.end()
    }
    let error = #expect(throws: QueryError.self) { _ = try texts(endless, on: connection) }
    #expect(error == .interrupted)
  }

  @Test("knows where a mistake is, in characters", arguments: [("", 0, 1, 1), ("é\nñx", 5, 2, 2), ("a\r\nb", 3, 2, 1)])
  func places(sql: String, offset: Int, line: Int, column: Int) {
    let place = SQLPlace(offset: offset, in: sql)
    #expect(place.line == line && place.column == column)
  }
}

@Suite("The explanation of the schema")
struct SchemaGuideTests {
  @Test("names every table, view and column there is, in order, and no other")
  func complete() throws {
    let temporary = try TemporaryLedger()
    let found = try temporary.rows(
      """
      SELECT t.type, t.name AS 'table', c.name AS 'column', c.type AS column_type
      FROM pragma_table_list AS t, pragma_table_info(t.name) AS c
      WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid
      """)
    let columns = try SchemaGuide.columns()
    let explained = Dictionary(grouping: columns, by: \.table)
    #expect(Set(explained.keys) == Set(found.map { $0["table"] as String }))
    for (table, columns) in explained {
      let rows = found.filter { $0["table"] == table }
      #expect(columns.first?.name == nil && columns.first?.type == rows.first?["type"], "\(table)")
      #expect(columns.dropFirst().compactMap(\.name) == rows.map { $0["column"] as String }, "\(table)")
      for (column, row) in zip(columns.dropFirst(), rows) {
        // A view's expressions have no type.
        let type = row["column_type"] as String
        #expect(type.isEmpty || column.type == type, "\(table).\(column.name ?? "")")
      }
    }
    #expect(columns.allSatisfy { !$0.meaning.isEmpty && $0.meaning.hasSuffix(".") })
  }
}
