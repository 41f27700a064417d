import GRDB
import InventoryModel
import LedgerQueries
import Testing

@testable import Ledger

@Suite("The record's fields in the ledger")
struct RecordColumnsTests {
  /// Columns of `results` that hold nothing of the record.
  private static let own = ["run_id", "request_line", "previous_run", "previous_line"]

  private let temporary: TemporaryLedger

  init() throws {
    temporary = try TemporaryLedger()
  }

  @Test("are the columns of results, with their types")
  func results() throws {
    let columns = try temporary.rows("SELECT name, type, \"notnull\" AS required FROM pragma_table_info('results')")
      .filter { !Self.own.contains($0["name"] as String) }
    #expect(Set(columns.map { $0["name"] as String }) == Set(RecordField.stored.map(\.column)))
    for column in columns {
      let field = RecordField.named(column["name"])
      #expect(column["type"] as String == (field.kind == .number ? "INTEGER" : "TEXT"), "\(field.column)")
      #expect(column["required"] as Bool == field.isRequired, "\(field.column)")
    }
  }

  @Test("are the columns of the views, the last good answer only where changes are listed")
  func views() throws {
    func columns(_ view: String) throws -> [String] {
      try temporary.strings("SELECT name FROM pragma_table_info('\(view)') ORDER BY name")
    }
    let all = RecordField.all.map(\.column) + ["run_id"]
    #expect(try columns("latest_changes") == all.sorted())
    #expect(try columns("latest") == all.filter { !$0.hasPrefix("last_good") }.sorted())
  }

  @Test("have their meanings in the schema guide")
  func guide() throws {
    let guide = try SchemaGuide.columns().filter { $0.table == "latest_changes" && $0.name != nil }
    for column in guide where column.name != "run_id" {
      #expect(column.meaning == RecordField.named(column.name ?? "").meaning)
    }
    #expect(guide.count == RecordField.all.count + 1)
  }

  @Test("are taken over by rows that share a request, and by a merged run", arguments: RecordField.answered)
  func copied(field: RecordField) {
    #expect(LedgerDatabase.answerColumns.contains(field.column))
    #expect(ShardRows.columns.contains(field.column))
  }

  @Test("that must be there and are not are damage, not an empty value")
  func damage() throws {
    let run = try temporary.begin([pending(2, "a")])
    let columns = RecordColumns(RecordField.stored)
    try temporary.ledger.pool.read { db in
      let selected = columns.sql { $0 == "attempts" ? "NULL" : $0 == "outcome" ? "'failed'" : $0 }
      let row = try RowReader(db, sql: "SELECT \(selected) FROM results WHERE run_id = ?", [run.id])
      #expect(try row.next())
      #expect(throws: DatabaseError.self) { try columns.record(row) }
    }
  }
}
