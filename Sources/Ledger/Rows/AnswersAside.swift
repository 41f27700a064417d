import Files
import GRDB
import InventoryModel
import TextFormats

/// A small database beside the ledger's, for answers that a run received but could not commit to the ledger. The run
/// imports them when it is resumed.
struct AnswersAside {
  struct Contents {
    var answers: [CollectedAnswer] = []
    var requests = 0
    var responses = 0
  }

  private let database: DatabaseFile

  init(of database: DatabaseFile) { self.database = database }

  private var path: String { database.answersAside }

  /// The columns in the order in which they are written and read.
  private static let columns = ["line", "rows"] + LedgerDatabase.answerColumns

  /// Writes answers of a run in one transaction, and replaces earlier contents.
  ///
  /// - Throws: `DatabaseError`. In that case, no file is left behind.
  func write(_ contents: Contents, of run: RunRecord) throws {
    remove()
    do {
      DatabaseFile.create(path, like: database.path)
      let queue = try DatabaseQueue(path: path)
      try queue.write { db in
        try db.execute(
          sql: """
            CREATE TABLE run (id INTEGER, started_at TEXT, requests INTEGER, responses INTEGER) STRICT;
            CREATE TABLE answers (\(Self.columns.joined(separator: ", ")));
            """)
        try db.execute(
          sql: "INSERT INTO run VALUES (?, ?, ?, ?)",
          arguments: [run.id, run.startedAt.description, contents.requests, contents.responses])
        var insertion = try RowInsertion(db, into: "answers", Self.columns)
        for answer in contents.answers { try insertion.insert { Self.bind(answer, to: &$0) } }
        try insertion.flush()
      }
      try queue.close()
    } catch {
      remove()
      throw error
    }
  }

  /// The stored answers of a run; nil if there are none, or if they can't be read.
  func contents(of run: RunRecord) -> Contents? {
    guard FileStatus(path: path) != nil, let queue = try? DatabaseQueue(path: path) else { return nil }
    defer { try? queue.close() }
    return try? queue.read { db in
      guard
        let header = try Row.fetchOne(
          db, sql: "SELECT requests, responses FROM run WHERE id = ? AND started_at = ?",
          arguments: [run.id, run.startedAt.description])
      else { return nil }
      var contents = Contents(requests: header[0], responses: header[1])
      let row = try RowReader(db, sql: "SELECT \(Self.columns.joined(separator: ", ")) FROM answers ORDER BY rowid", [])
      while try row.next() { contents.answers.append(try Self.answer(row)) }
      return contents
    }
  }

  func remove() { for file in [path, path + "-journal"] { Folder.removeFile(file) } }

  private static func bind(_ collected: CollectedAnswer, to statement: inout RowStatement) {
    statement.bind(collected.line)
    statement.bind(collected.project.rows)
    LedgerDatabase.bind(collected, to: &statement)
  }

  private static let answerColumns = RecordColumns(RecordField.answered, from: 2)

  /// Reads an answer without its project ID and credential, which are in the ledger's row.
  private static func answer(_ row: RowReader) throws -> CollectedAnswer {
    guard let record = try answerColumns.record(row) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    return CollectedAnswer(
      project: PendingProject(
        line: try row.presentNumber(0), projectID: "", credential: "", rows: try row.presentNumber(1)),
      answer: Answer(
        outcome: record.outcome, httpStatus: record.httpStatus, integration: record.integration, error: record.error),
      attempts: record.attempts, durationMS: record.durationMS,
      fetchedAt: record.fetchedAt.flatMap { Timestamp(rfc3339: $0) })
  }
}
