import Foundation
import GRDB
import InventoryModel
import Testing

@testable import Ledger

@Suite("The ledger's schema")
struct SchemaTests {
  private let temporary: TemporaryLedger

  init() throws {
    temporary = try TemporaryLedger()
  }

  @Test(
    "has the columns that scripts are written against",
    arguments: [
      (
        "runs",
        "id state started_at finished_at list_path list_rows input_columns base_url rate concurrency shard version"
          + " requests responses list_digest outcomes pruned_at whole_list_rows merged_from held accepted_gone"
          + " was_finished previous_run resume_after"
      ),
      (
        "results",
        "run_id line project_id input outcome http_status integration_id brain_id webhook_url webhook_host auth_type"
          + " created_at updated_at extra change changed_fields attempts duration_ms fetched_at credential error_code"
          + " error_message request_line last_good_webhook_url last_good_at previous_run previous_line"
      ),
      ("findings", "run_id line project_id rule severity detail"),
      (
        "latest",
        "run_id line project_id input outcome http_status integration_id brain_id webhook_url webhook_host auth_type"
          + " created_at updated_at extra findings change changed_fields attempts duration_ms fetched_at credential"
          + " error_code error_message"
      ),
      ("latest_findings", "run_id line project_id rule severity detail"),
      (
        "latest_changes",
        "run_id line project_id input outcome http_status integration_id brain_id webhook_url webhook_host auth_type"
          + " created_at updated_at extra findings change changed_fields attempts duration_ms fetched_at credential"
          + " error_code error_message last_good_webhook_url last_good_at"
      ),
    ])
  func columns(table: String, columns: String) throws {
    let found = try temporary.strings("SELECT name FROM pragma_table_info('\(table)') ORDER BY cid")
    #expect(found.joined(separator: " ") == columns)
  }

  @Test("is strict, numbered, marked as ours and in write-ahead mode")
  func pragmas() throws {
    #expect(
      try temporary.strings(
        "SELECT name FROM pragma_table_list WHERE strict = 0 AND type = 'table' AND name NOT LIKE 'sqlite%'"
      ).isEmpty)
    #expect(try temporary.strings("PRAGMA user_version") == ["9"])
    #expect(try temporary.strings("PRAGMA application_id") == [String(0x4A49_4E56)])
    #expect(try temporary.strings("PRAGMA journal_mode") == ["wal"])
  }

  @Test("has every answer on the disk when its commit returns: power may fail at any time")
  func durability() throws {
    #expect(try temporary.ledger.synchronous == 2)
  }

  @Test("refuses an outcome that there is not")
  func outcomes() throws {
    let run = try temporary.begin([pending(2, "a")])
    #expect(throws: DatabaseError.self) {
      try DatabaseQueue(path: temporary.path).write {
        try $0.execute(sql: "UPDATE results SET outcome = 'lost' WHERE run_id = \(run.id)")
      }
    }
  }

  @Test("merges its log on demand, beside those who read and write, and waits for none of them")
  func merging() throws {
    _ = try temporary.begin([pending(2, "a")])
    let reader = try DatabaseQueue(path: temporary.path)
    try reader.inDatabase { db in
      try db.inTransaction(.immediate) {
        // The log that this one reads is the last: all of it may be merged.
        #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM results") == 1)
        try temporary.ledger.mergeLog()
        return .commit
      }
      #expect(try mergedProjects() == ["a"])
      try db.inTransaction(.deferred) {
        #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM results") == 1)
        _ = try temporary.begin([pending(2, "b")])
        let time = try ContinuousClock().measure { try temporary.ledger.mergeLog() }
        #expect(time < .seconds(1))
        // Not before its reader has gone, who would see what he must not.
        #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM results") == 1)
        #expect(try mergedProjects() == ["a"])
        return .commit
      }
    }
    try temporary.ledger.mergeLog()
    #expect(try mergedProjects() == ["a", "b"])
    #expect(try FileManager.default.attributesOfItem(atPath: temporary.path + "-wal")[.size] as? Int == 0)
  }

  /// What the database has without its log.
  private func mergedProjects() throws -> [String] {
    let copy = temporary.folder.appending(component: "copy.db").path()
    try? FileManager.default.removeItem(atPath: copy)
    try FileManager.default.copyItem(atPath: temporary.path, toPath: copy)
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: "file:\(copy)?immutable=1", configuration: configuration)
    return try queue.read { try String.fetchAll($0, sql: "SELECT project_id FROM results ORDER BY run_id") }
  }

  @Test("leaves one file behind when it is closed")
  func closing() throws {
    _ = try temporary.begin([pending(2, "a")])
    try temporary.ledger.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.folder.path()) == ["inventory.db"])
  }
}

@Suite("A file that is no ledger")
struct ForeignFileTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(component: "foreign-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func expectRefusal(
    _ path: String, _ isExpected: (LedgerError) -> Bool, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try Data(contentsOf: URL(filePath: path))
    let error = #expect(throws: LedgerError.self, sourceLocation: sourceLocation) { _ = try LedgerDatabase(path: path) }
    #expect(error.map(isExpected) == true, "\(error?.description ?? "")", sourceLocation: sourceLocation)
    #expect(error?.description.hasPrefix(path) == true, sourceLocation: sourceLocation)
    #expect(try Data(contentsOf: URL(filePath: path)) == before, sourceLocation: sourceLocation)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path())
    #expect(left == [URL(filePath: path).lastPathComponent], sourceLocation: sourceLocation)
  }

  @Test("is refused and left untouched: a database of another program")
  func foreign() throws {
    let path = folder.appending(component: "other.db").path()
    let other = try DatabaseQueue(path: path)
    try other.write { try $0.execute(sql: "CREATE TABLE music (title TEXT)") }
    try other.close()
    try expectRefusal(path) { if case .foreign = $0 { true } else { false } }
  }

  @Test("is refused and left untouched: a ledger of a newer version")
  func newer() throws {
    let path = folder.appending(component: "inventory.db").path()
    try LedgerDatabase(path: path).close()
    let database = try DatabaseQueue(path: path)
    try database.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA user_version = 99")
    }
    try database.close()
    try expectRefusal(path) { if case .newer(_, 99, 9) = $0 { true } else { false } }
  }

  @Test(
    "is refused and left untouched: no database at all",
    arguments: ["project_id\n1\n2\n", String(repeating: "x", count: 5000)])
  func noDatabase(content: String) throws {
    let path = folder.appending(component: "projects.csv").path()
    try content.write(toFile: path, atomically: false, encoding: .utf8)
    try expectRefusal(path) { if case .damaged = $0 { true } else { false } }
  }

  @Test("is refused: a folder, or one that is not there")
  func places() throws {
    #expect(throws: LedgerError.self) { _ = try LedgerDatabase(path: folder.path()) }
    #expect(throws: LedgerError.self) { _ = try LedgerDatabase(path: folder.path() + "/none/inventory.db") }
  }

  @Test("is taken when it is empty")
  func empty() throws {
    let path = folder.appending(component: "inventory.db").path()
    try Data().write(to: URL(filePath: path))
    try LedgerDatabase(path: path).close()
  }
}
