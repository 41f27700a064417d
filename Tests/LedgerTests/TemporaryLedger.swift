import Foundation
import GRDB
import InventoryModel
import Ledger
import TextFormats

/// A folder with a ledger in it, gone with its last reference.
final class TemporaryLedger: Sendable {
  let folder: URL
  let path: String
  let ledger: LedgerDatabase

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(component: "ledger-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(component: "inventory.db").path()
    ledger = try LedgerDatabase(path: path)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// Enters a run with these rows.
  ///
  /// - Parameter ledger: another connection to the same database.
  func begin(
    inputColumns: [String] = [], at startedAt: Timestamp? = nil, _ rows: [(ListRow, RowValidation)],
    in ledger: LedgerDatabase? = nil
  ) throws -> RunRecord {
    var rows = rows[...]
    var record = RunRecord.sample(inputColumns: inputColumns)
    record.startedAt = startedAt ?? record.startedAt
    var cells = InputCells.Writer(columns: inputColumns)
    return try (ledger ?? self.ledger).beginRun(record) {
      rows.popFirst().map { row, admission in
        ImportedRow(line: row.line, projectID: row.projectID, input: cells.json(row.input), admission)
      }
    } list: {
      ImportedList(digest: "digest")
    }
  }

  /// Asks the database itself, past the ledger.
  func rows(_ sql: String) throws -> [Row] {
    try DatabaseQueue(path: path).read { try Row.fetchAll($0, sql: sql) }
  }

  func strings(_ sql: String) throws -> [String] {
    try DatabaseQueue(path: path).read { try String.fetchAll($0, sql: sql) }
  }
}

extension RunRecord {
  static func sample(inputColumns: [String] = []) -> RunRecord {
    RunRecord(
      startedAt: Timestamp(milliseconds: 1_700_000_000_000), listPath: "projects.csv", inputColumns: inputColumns,
      baseURL: "https://gateway.example.com/v1", rate: "10/s", concurrency: 8, version: "1.2.3")
  }
}

/// A row that is to be asked for.
func pending(_ line: Int, _ id: String, credential: String = "default") -> (ListRow, RowValidation) {
  (ListRow(line: line, projectID: id), .pending(credential: credential))
}

extension CollectedAnswer {
  static func found(_ line: Int, url: String = "https://hooks.example.com/", isShared: Bool = false) -> CollectedAnswer
  {
    CollectedAnswer(
      project: PendingProject(line: line, projectID: "p\(line)", credential: "default", rows: isShared ? 2 : 1),
      answer: Answer(outcome: .found, httpStatus: 200, integration: Integration(webhookURL: url)), attempts: 1,
      durationMS: 12, fetchedAt: Timestamp(milliseconds: 1_700_000_001_000))
  }

  static func failed(_ line: Int, status: Int?, attempts: Int = 1) -> CollectedAnswer {
    CollectedAnswer(
      project: PendingProject(line: line, projectID: "p\(line)", credential: "default"),
      answer: Answer(
        outcome: status == 401 ? .unauthorized : .failed, httpStatus: status,
        error: RowError(status.map(ErrorCode.http) ?? .timeout, "No answer.")),
      attempts: attempts, durationMS: 12, fetchedAt: Timestamp(milliseconds: 1_700_000_001_000))
  }
}
