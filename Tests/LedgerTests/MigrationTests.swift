import Foundation
import GRDB
import InventoryModel
import LedgerQueries
import Testing
import TextFormats

@testable import Ledger

@Suite("A database of an older version")
struct MigrationTests {
  private let folder: URL
  private var path: String { folder.appending(component: "inventory.db").path() }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(component: "older-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// As a step of the schema left it: run 1 finished, run 2 interrupted, run 3 finished, run 4 killed.
  private func make(version: Int = 7) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { db in
      try Schema.migrate(db, to: version)
      try db.execute(
        sql: """
          INSERT INTO runs (id, state, started_at, finished_at, list_path, list_rows, input_columns, base_url, rate,
            concurrency, shard, version)
          SELECT value, CASE value WHEN 2 THEN 'interrupted' WHEN 4 THEN 'running' ELSE 'finished' END,
            '2026-01-0' || value || 'T00:00:00.000Z',
            CASE WHEN value < 4 THEN '2026-01-0' || value || 'T10:00:00.000Z' END, 'l.csv', 1, '[]', 'u', '10/s', 8,
            '1/1', '0.2.0'
          FROM json_each('[1, 2, 3, 4]');

          INSERT INTO results (run_id, line, project_id, input, outcome, webhook_url, fetched_at, change)
          SELECT id, 2, CASE WHEN id < 3 THEN 'p' ELSE 'q' END, '{}', 'found', 'u', finished_at,
            CASE id WHEN 3 THEN 'new' END
          FROM runs;
          """)
      // Older programs kept neither.
      guard version >= 4 else { return }
      try db.execute(
        sql: """
          UPDATE runs SET outcomes = '{"found":1}';
          INSERT INTO findings VALUES (3, 2, 'q', 'no-auth', 'medium', 'No.');
          """)
    }
    try queue.close()
  }

  private func rows(_ sql: String) throws -> [String] {
    try DatabaseQueue(path: path).read { db in
      try Row.fetchAll(db, sql: sql).map { row in
        row.databaseValues.map { $0.isNull ? "" : "\($0)".trimmingCharacters(in: ["\""]) }.joined(separator: "|")
      }
    }
  }

  @Test("keeps its rows, their findings and what was told of them, and takes held runs from then on")
  func migrated() throws {
    try make()
    let queries = [
      "SELECT id, state, finished_at, outcomes FROM runs", "SELECT * FROM results", "SELECT * FROM findings",
      "SELECT * FROM latest", "SELECT * FROM latest_findings", "SELECT * FROM latest_changes",
    ]
    let before = try queries.map(rows)
    let ledger = try LedgerDatabase(path: path)
    #expect(try queries.map(rows) == before)
    #expect(try rows("SELECT id, previous_run FROM runs") == ["1|", "2|1", "3|2", "4|3"])
    #expect(try ledger.overview(ofRun: 3).previousRun?.id == 2)
    #expect(try ledger.overview(ofRun: 3).unlisted.map(\.projectID) == ["p"])
    try ledger.setState(.held, ofRun: 4)
    try ledger.close()
    #expect(try rows("PRAGMA foreign_key_check").isEmpty && rows("PRAGMA integrity_check") == ["ok"])
    // The rows still go with their run.
    try DatabaseQueue(path: path).write { try $0.execute(sql: "DELETE FROM runs WHERE id = 3") }
    #expect(try rows("SELECT DISTINCT run_id FROM results") == ["1", "2", "4"])
    #expect(try rows("SELECT * FROM findings").isEmpty)
    #expect(throws: DatabaseError.self) {
      try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE runs SET state = 'lost' WHERE id = 1") }
    }
  }

  @Test("is read as one of today and left as it is, whatever version it is of", arguments: 1...7)
  func read(version: Int) throws {
    try make(version: version)
    let before = try Data(contentsOf: URL(filePath: path))
    let tables = ["runs", "results", "findings", "latest", "latest_findings", "latest_changes"]
    let ledger = try #require(try LedgerDatabase.reading(path))
    #expect(try ledger.newestUnfinishedRun()?.id == 4)
    #expect(try ledger.runBefore(3) == 2)
    let read = try tables.map { table in try ledger.pool.read { db in try Self.rows(table, db) } }
    try ledger.close()
    // By another connection, the same.
    let connection = try QueryConnection(path: path)
    var count = 0
    try connection.answer(
      "SELECT previous_run FROM runs JOIN results USING (previous_run)", parameters: [:], timeLimit: nil
    ) {
      _ in
    } row: { _ in
      count += 1
    }
    #expect(count == 0)
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    try LedgerDatabase(path: path).close()
    #expect(try read == DatabaseQueue(path: path).read { db in try tables.map { try Self.rows($0, db) } })
  }

  /// Every value by its column, as text.
  private static func rows(_ table: String, _ db: Database) throws -> [[String]] {
    try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { row in row.map { "\($0): \($1)" } }
  }

  @Test("is looked into as it is")
  func lookedInto() throws {
    try make()
    let before = try Data(contentsOf: URL(filePath: path))
    let ledger = try #require(try LedgerDatabase.looking(into: path))
    #expect(try ledger.newestUnfinishedRun()?.id == 4)
    #expect(try ledger.run(3)?.held == nil)
    #expect(try ledger.runBefore(3) == 2)
    try ledger.close()
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }
}
