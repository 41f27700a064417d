import Files
import GRDB
import InventoryModel
import Testing
import TextFormats

@testable import Ledger

@Suite("Entering a list")
struct AdmissionTests {
  private let temporary: TemporaryLedger
  private var ledger: LedgerDatabase { temporary.ledger }

  init() throws {
    temporary = try TemporaryLedger()
  }

  private struct Torn: Error {}

  @Test("leaves nothing of a run whose list breaks off")
  func atomic() throws {
    var line = 1
    #expect(throws: Torn.self) {
      try ledger.beginRun(.sample()) {
        line += 1
        if line == 20_000 { throw Torn() }
        return ImportedRow(line: line, projectID: "p\(line)", .pending(credential: "default"))
      } list: {
        ImportedList(digest: "digest")
      }
    }
    #expect(try temporary.strings("SELECT count(*) FROM runs") == ["0"])
    #expect(try temporary.strings("SELECT count(*) FROM results") == ["0"])
  }

  @Test("enters every row as it is, however many there are and however long", arguments: [1, 63, 64, 65, 200])
  func rows(count: Int) throws {
    // Longer than what is kept until there are rows enough, now and then; every fifth can't be asked for.
    let rows = (1...count).map { number in
      ImportedRow(
        line: number + 1, projectID: "p\(number)",
        input: "{\"a\":\"\(String(repeating: "é", count: number % 7 == 3 ? 40_000 : number))\"}",
        number % 5 == 0
          ? .refused(.invalidID, RowError(.emptyID, "Row \(number)."), credential: number % 2 == 0 ? "other" : nil)
          : .pending(credential: "default"))
    }
    var left = rows[...]
    let entry = try ledger.beginRun(.sample()) {
      left.popFirst()
    } list: {
      ImportedList(digest: "digest")
    }
    #expect(entry.listRows == count)
    let entered = try temporary.rows(
      "SELECT line, project_id, input, credential, outcome, error_code, error_message FROM results ORDER BY line")
    #expect(entered.count == count)
    for (row, entered) in zip(rows, entered) {
      #expect(entered[0] == row.line && entered[1] == row.projectID && entered[2] == row.input)
      let (credential, outcome, code, message): (String?, String?, String?, String?) =
        (entered[3], entered[4], entered[5], entered[6])
      switch row.admission {
      case .pending(let name):
        #expect(credential == name && outcome == nil && code == nil && message == nil)
      case .refused(let why, let error, let name):
        #expect(
          credential == name && outcome == why.rawValue && code == error.code.rawValue && message == error.message)
      }
    }
  }

  @Test(
    "disturbs no reader however long the list takes, and leaves the connection as it was", arguments: [false, true])
  func whileEntering(breaksOff: Bool) throws {
    func settings() throws -> [String] {
      try ledger.pool.writeWithoutTransaction { db in
        try ["journal_mode", "foreign_keys", "synchronous", "wal_autocheckpoint"].map {
          try String.fetchOne(db, sql: "PRAGMA \($0)") ?? ""
        }
      }
    }
    #expect(try settings() == ["wal", "1", "2", "400"])
    // As many rows as fill more of the log than SQLite leaves there.
    let padding = String(repeating: "x", count: 120)
    let enter = {
      var line = 1
      return try ledger.beginRun(.sample()) {
        line += 1
        // By then the cache has overflowed into the file.
        if line == 100_000 {
          #expect(try temporary.strings("SELECT count(*) FROM results") == ["0"])
          if breaksOff { throw Torn() }
          return nil
        }
        return ImportedRow(line: line, projectID: "p\(line)" + padding, .pending(credential: "default"))
      } list: {
        ImportedList(digest: "digest")
      }
    }
    if breaksOff {
      #expect(throws: Torn.self) { _ = try enter() }
    } else {
      #expect(try enter().listRows == 99_998)
      // What is asked first need not wait until the list is out of the log; the next commit takes it out.
      #expect(FileStatus(path: temporary.path)?.size ?? 0 < 1_000_000)
      try ledger.setState(.stopped, ofRun: 1)
      #expect(FileStatus(path: temporary.path)?.size ?? 0 > 1_000_000)
    }
    #expect(try settings() == ["wal", "1", "2", "400"])
    #expect(try temporary.strings("SELECT count(*) FROM results") == [breaksOff ? "0" : "99998"])
  }

  @Test("syncs no temporary ledger, neither before nor afterwards")
  func temporaryLedger() throws {
    let ledger = try LedgerDatabase.temporary()
    var rows = [ImportedRow(line: 2, projectID: "p", .pending(credential: "default"))]
    let entry = try ledger.beginRun(.sample()) {
      rows.popLast()
    } list: {
      ImportedList(digest: "digest")
    }
    #expect(entry.listRows == 1)
    #expect(try ledger.synchronous == 0)
  }

  @Test("finds the rows that share a request, few or many, far apart or not", arguments: [0, 1, 3000, 12_000])
  func sharing(repeated: Int) throws {
    let distinct = 15_000
    let ids = (0..<distinct).map { "p\($0)" } + (0..<repeated).reversed().map { "p\($0)" }
    let record = try temporary.begin(ids.enumerated().map { pending($0.offset + 2, $0.element) })
    #expect(record.listRows == ids.count)
    let shared = try temporary.strings(
      "SELECT project_id || ' ' || request_line FROM results WHERE request_line IS NOT NULL ORDER BY line")
    let expected = (0..<repeated).map { "p\($0) \($0 + 2)" }
    #expect(shared == expected + expected.reversed())
  }

  @Test("does not let rows share a request that ask with different credentials")
  func credentials() throws {
    _ = try temporary.begin([
      pending(2, "p"), pending(3, "p", credential: "other"), pending(4, "q"), pending(5, "p", credential: "other"),
    ])
    #expect(
      try temporary.strings("SELECT line || ' ' || request_line FROM results WHERE request_line IS NOT NULL") == [
        "3 3", "5 3",
      ])
  }

  @Test("keeps IDs and cells as they are, as text")
  func text() async throws {
    let ids = ["007", "12345678901234567890", "1.23E+19", "'); DROP TABLE results;--", "é\u{200B}😀", "a,b\"c"]
    let cells: [String?] = ["=1+2", "", nil, "line\nbreak", "\u{202E}rtl", "\\\"{}"]
    let record = try temporary.begin(
      inputColumns: ["owner"],
      zip(ids, cells).enumerated().map { index, pair in
        (ListRow(line: index + 2, projectID: pair.0, input: [pair.1]), .pending(credential: "default"))
      })
    #expect(try temporary.strings("SELECT DISTINCT typeof(project_id) FROM results") == ["text"])
    let pending = try await ledger.pendingProjects(ofRun: record.id, afterLine: 0, limit: 100)
    #expect(pending.map(\.projectID) == ids)
    let stored = try temporary.rows("SELECT json_extract(input, '$.owner') FROM results ORDER BY line")
    #expect(stored.map { $0[0] as String? } == cells)
    #expect(record.listRows == ids.count)
  }

  @Test("hands out only rows that can be asked for, page by page, in list order")
  func pages() async throws {
    var rows = (2...11).map { pending($0, "p\($0)") }
    rows[3] = (
      ListRow(line: 5, projectID: ""), .refused(.invalidID, RowError(.emptyID, "The ID is empty."), credential: nil)
    )
    let run = try temporary.begin(rows).id
    var lines: [Int] = []
    while true {
      let page = try await ledger.pendingProjects(ofRun: run, afterLine: lines.last ?? 0, limit: 4)
      if page.isEmpty { break }
      #expect(page.count <= 4)
      lines += page.map(\.line)
    }
    #expect(lines == [2, 3, 4, 6, 7, 8, 9, 10, 11])
    #expect(try ledger.outcomeCounts(ofRun: run)[.invalidID] == 1)
  }

  @Test("lets rows of one project and credential share a request, and no others")
  func sharing() async throws {
    let run = try temporary.begin([
      pending(2, "a"), pending(3, "b"), pending(4, "a"), pending(5, "a", credential: "other"), pending(6, "a"),
      pending(7, "A"),
    ]).id
    let pending = try await ledger.pendingProjects(ofRun: run, afterLine: 0, limit: 100)
    #expect(pending.map(\.line) == [2, 3, 5, 7])
    #expect(pending.map(\.rows) == [3, 1, 1, 1])
    #expect(pending.map(\.credential) == ["default", "default", "other", "default"])
    try await ledger.commit([.found(2, isShared: true)], requests: 1, responses: 1, toRun: run)
    try ledger.markCollected(run: run, at: Timestamp(milliseconds: 0))
    #expect(
      try temporary.strings("SELECT line FROM results WHERE outcome = 'found' AND attempts = 1 ORDER BY line")
        == ["2", "4", "6"])
  }
}
