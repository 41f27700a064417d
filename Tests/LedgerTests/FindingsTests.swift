import Auditing
import InventoryModel
import Ledger
import Testing

@Suite("Findings in the ledger")
struct FindingsTests {
  private let temporary: TemporaryLedger
  private var ledger: LedgerDatabase { temporary.ledger }

  init() throws {
    temporary = try TemporaryLedger()
  }

  private func stored() throws -> [String] {
    try temporary.strings(
      "SELECT run_id || '|' || line || '|' || rule || '|' || severity || '|' || detail FROM findings")
  }

  private func rules(ofRun run: Int64) throws -> [String] {
    var rules: [String] = []
    try ledger.forEachResult(ofRun: run) { row in
      rules.append("\(row.line): \(row.findings.map(\.rule.name).joined(separator: ";"))")
    }
    return rules
  }

  @Test("come back with their rows, worst first, then by the rule's name")
  func order() async throws {
    let run = try temporary.begin((2...5).map { pending($0, "p\($0)") }).id
    try await ledger.commit(
      (2...5).map { .found($0, url: "https://h\($0).example/") }, requests: 4, responses: 4, toRun: run)
    try ledger.replaceFindings(ofRun: run) { row in
      switch row.line {
      case 3:
        [Finding(.stale, "a"), Finding(.webhookNotHTTPS, "b"), Finding(.noAuth, "c"), Finding(.webhookInvalid, "d")]
      case 5: [Finding(.brainMismatch, "e")]
      default: []
      }
    }
    #expect(
      try rules(ofRun: run) == [
        "2: ", "3: webhook-invalid;webhook-not-https;no-auth;stale", "4: ", "5: brain-mismatch",
      ])
    let counts = try ledger.overview(ofRun: run).findings
    #expect(Severity.allCases.map { counts[$0] } == [2, 2, 1])
    try ledger.setState(.finished, ofRun: run)
    #expect(
      try temporary.strings("SELECT findings FROM latest WHERE findings IS NOT NULL ORDER BY line") == [
        "webhook-invalid;webhook-not-https;no-auth;stale", "brain-mismatch",
      ])
    #expect(try temporary.strings("SELECT count(*) FROM latest_findings") == ["5"])
  }

  @Test("replace those that the run had, and no other run's")
  func replacing() async throws {
    let first = try temporary.begin([pending(2, "a")]).id
    let second = try temporary.begin([pending(2, "a")]).id
    for run in [first, second] {
      try await ledger.commit([.found(2)], requests: 1, responses: 1, toRun: run)
      try ledger.replaceFindings(ofRun: run) { _ in [Finding(.stale, "old")] }
    }
    for _ in 1...2 { try ledger.replaceFindings(ofRun: second) { _ in [Finding(.noAuth, "new")] } }
    #expect(try stored() == ["\(first)|2|stale|low|old", "\(second)|2|no-auth|medium|new"])
  }

  @Test("tell of a webhook that several projects share, but not of one that a project has twice")
  func shared() async throws {
    let ids = ["a", "b", "c", "c", "d", "e"]
    let run = try temporary.begin(ids.enumerated().map { pending($0 + 2, $1) }).id
    let urls = ["https://one/", "https://one/", "https://two/", "https://two/", "https://three/"]
    for (index, url) in urls.enumerated() {
      let isShared = ids[index] == "c"
      try await ledger.commit(
        [.found(index + 2, url: url, isShared: isShared)], requests: 1, responses: 1, toRun: run)
    }
    try await ledger.commit([.failed(7, status: 500)], requests: 1, responses: 1, toRun: run)
    try ledger.replaceFindings(ofRun: run) { _ in [] }
    #expect(
      try rules(ofRun: run) == ["2: webhook-shared", "3: webhook-shared", "4: ", "5: duplicate-row", "6: ", "7: "])
    let counts = try ledger.overview(ofRun: run).findings
    #expect(Severity.allCases.map { counts[$0] } == [0, 0, 3])
    #expect(
      try temporary.strings("SELECT DISTINCT detail FROM findings WHERE rule = 'webhook-shared'") == [
        "2 rows of several projects have this webhook, the first in line 2."
      ])
  }

  @Test("tell of every row that shares, few or many, far apart or not", arguments: [0, 1, 3000, 12_000])
  func many(repeated: Int) async throws {
    let distinct = 20_000
    let numbers = Array(0..<distinct) + (0..<repeated).reversed()
    // Each project with a copy has one later, and its webhook is that of another project there.
    let run = try temporary.begin(
      numbers.enumerated().map { pending($0.offset + 2, $0.offset < distinct ? "p\($0.element)" : "q\($0.element)") }
        + (0..<repeated).map { pending(100_000 + $0, "p\($0)", credential: "other") }
    ).id
    try await ledger.commit(
      numbers.enumerated().map { .found($0.offset + 2, url: "https://h.example/\($0.element)") },
      requests: numbers.count, responses: numbers.count, toRun: run)
    try await ledger.commit(
      (0..<repeated).map { .failed(100_000 + $0, status: 500) }, requests: repeated, responses: repeated, toRun: run)
    try ledger.replaceFindings(ofRun: run) { _ in [] }
    #expect(
      try temporary.strings(
        "SELECT rule || ' ' || count(*) || ' ' || min(line) FROM findings GROUP BY rule ORDER BY rule")
        == (repeated == 0 ? [] : ["duplicate-row \(repeated) 100000", "webhook-shared \(repeated * 2) 2"]))
  }

  @Test("tell of each copy of a project after the first, whatever became of it, and of no unusable ID")
  func duplicates() throws {
    let refused = RowValidation.refused(.skipped, .noCredential, credential: nil)
    let unusable = RowValidation.refused(.invalidID, RowError(.emptyID, "The ID is empty."), credential: nil)
    let run = try temporary.begin([
      (ListRow(line: 2, projectID: "a"), refused), (ListRow(line: 3, projectID: ""), unusable),
      (ListRow(line: 5, projectID: "a"), refused), (ListRow(line: 6, projectID: ""), unusable),
      (ListRow(line: 7, projectID: "A"), refused), (ListRow(line: 9, projectID: "a"), refused),
    ]).id
    try ledger.replaceFindings(ofRun: run) { _ in [] }
    #expect(
      try stored() == [5, 9].map { "\(run)|\($0)|duplicate-row|low|The project is already in line 2 of the list." })
  }
}
