import GRDB
import InventoryModel
import Ledger
import Testing
import TextFormats

@Suite("Changes against earlier answers")
struct ChangesTests {
  private let temporary: TemporaryLedger
  private var ledger: LedgerDatabase { temporary.ledger }

  init() throws {
    temporary = try TemporaryLedger()
  }

  /// What becomes of a project in a run.
  enum Fate: Sendable {
    case at(String)
    case like(Integration)
    case notFound, failed, unauthorized, invalidResponse, skipped, invalidID
    /// The list lacks it.
    case absent
  }

  /// A run that has ended, with these projects in lines from 2 on, answered a day after the run before.
  @discardableResult
  private func run(_ projects: [(id: String, fate: Fate)]) async throws -> Int64 {
    let listed = projects.filter { if case .absent = $0.fate { false } else { true } }
    let record = try temporary.begin(
      listed.enumerated().map { index, project in
        // Credentials of their own keep rows of one project apart.
        guard case .invalidID = project.fate else { return pending(index + 2, project.id, credential: "c\(index)") }
        return (
          ListRow(line: index + 2, projectID: project.id),
          .refused(.invalidID, RowError(.idDotSegment, "No."), credential: nil)
        )
      })
    let answers = listed.enumerated().compactMap { answer($1.fate, line: $0 + 2, run: record.id) }
    try await ledger.commit(answers, requests: 0, responses: 0, toRun: record.id)
    try ledger.markCollected(run: record.id, at: Self.time(ofRun: record.id))
    try ledger.computeChanges(ofRun: record.id)
    try ledger.setState(.finished, ofRun: record.id)
    return record.id
  }

  private static func time(ofRun run: Int64) -> Timestamp {
    Timestamp(milliseconds: 1_700_000_000_000 + run * 86_400_000)
  }

  private func answer(_ fate: Fate, line: Int, run: Int64) -> CollectedAnswer? {
    let answer: Answer
    switch fate {
    case .at(let url): answer = Answer(outcome: .found, httpStatus: 200, integration: Integration(webhookURL: url))
    case .like(let integration): answer = Answer(outcome: .found, httpStatus: 200, integration: integration)
    case .notFound: answer = Answer(outcome: .notFound, httpStatus: 404)
    case .failed: answer = Answer(outcome: .failed, error: RowError(.timeout, "No answer."))
    case .unauthorized: answer = Answer(outcome: .unauthorized, error: RowError(.http(401), "No."))
    case .invalidResponse: answer = Answer(outcome: .invalidResponse, error: RowError(.notJSON, "No."))
    case .skipped: answer = Answer(outcome: .skipped, error: RowError(.interrupted, "No."))
    case .invalidID, .absent: return nil
    }
    return CollectedAnswer(
      project: PendingProject(line: line, projectID: "p\(line)", credential: "default"), answer: answer, attempts: 1,
      durationMS: 1, fetchedAt: Self.time(ofRun: run))
  }

  private func rows(_ run: Int64) throws -> [ResultRow] {
    var rows: [ResultRow] = []
    try ledger.forEachResult(ofRun: run) { rows.append($0) }
    return rows
  }

  /// `change` or `change fields` or `change: last webhook @ run`.
  private func told(_ row: ResultRow) -> String {
    var text = row.change?.rawValue ?? "-"
    if !row.changedFields.isEmpty { text += " " + row.changedFields.joined(separator: ";") }
    if let lastGood = row.lastGood {
      let run = (1...20).first { Self.time(ofRun: $0).description == lastGood.at }
      text += ": \(lastGood.webhookURL ?? "none") @ \(run ?? 0)"
    }
    return text
  }

  @Test(
    "are told by the newest answer before, over any number of runs",
    arguments: [
      ([.at("u")], ["-"]),
      ([.at("u"), .at("u")], ["-", "unchanged"]),
      ([.at("u"), .at("v")], ["-", "changed webhook_url"]),
      ([.at("u"), .notFound], ["-", "gone"]),
      ([.notFound, .at("u")], ["-", "added"]),
      ([.notFound, .notFound], ["-", "unchanged"]),
      ([.absent, .at("u")], ["new"]),
      ([.absent, .notFound], ["new"]),
      ([.failed, .at("u")], ["-", "new"]),
      ([.failed, .notFound], ["-", "new"]),
      ([.failed, .failed], ["-", "unknown"]),
      ([.unauthorized, .at("u")], ["-", "new"]),
      ([.skipped, .at("u")], ["-", "new"]),
      ([.invalidResponse, .at("u")], ["-", "new"]),
      ([.at("u"), .failed], ["-", "unknown: u @ 1"]),
      ([.at("u"), .unauthorized], ["-", "unknown: u @ 1"]),
      ([.at("u"), .skipped], ["-", "unknown: u @ 1"]),
      ([.at("u"), .invalidResponse], ["-", "unknown: u @ 1"]),
      ([.notFound, .failed], ["-", "unknown: none @ 1"]),
      ([.absent, .failed], ["unknown"]),
      ([.at("u"), .invalidID], ["-", "-"]),
      // A failure in between hides nothing, however often it comes.
      ([.at("u"), .failed, .skipped, .failed], ["-", "unknown: u @ 1", "unknown: u @ 1", "unknown: u @ 1"]),
      ([.at("u"), .failed, .at("u")], ["-", "unknown: u @ 1", "unchanged"]),
      ([.at("u"), .failed, .at("v")], ["-", "unknown: u @ 1", "changed webhook_url"]),
      ([.at("u"), .failed, .notFound], ["-", "unknown: u @ 1", "gone"]),
      ([.notFound, .skipped, .at("u")], ["-", "unknown: none @ 1", "added"]),
      ([.at("u"), .at("v"), .failed], ["-", "changed webhook_url", "unknown: v @ 2"]),
      ([.at("u"), .notFound, .failed, .at("u")], ["-", "gone", "unknown: none @ 2", "added"]),
      // Neither does a list that lacks it for a while.
      ([.at("u"), .absent, .at("u")], ["-", "unchanged"]),
      ([.at("u"), .absent, .absent, .at("v")], ["-", "changed webhook_url"]),
      ([.at("u"), .absent, .failed], ["-", "unknown: u @ 1"]),
    ] as [([Fate], [String])])
  func transitions(fates: [Fate], expected: [String]) async throws {
    var found: [String] = []
    for fate in fates {
      // Others around it, so that nothing comes of the row's place.
      let run = try await run([("before", .at("x")), ("p", fate), ("q", .at("y"))])
      found += try rows(run).filter { $0.projectID == "p" }.map(told)
      let others = try rows(run).filter { $0.projectID != "p" }.map(told)
      #expect(Set(others) == [run == 1 ? "-" : "unchanged"])
    }
    #expect(found == expected)
  }

  private static let full = Integration(
    id: "i", brainID: "b", webhookURL: "https://u", webhookHost: "u", authType: "bearer",
    createdAt: "2026-01-01T00:00:00.000Z", updatedAt: "2026-01-02T00:00:00.000Z",
    extraJSON: #"{"a":1,"b":{"x":[1,2],"y":null},"c":"t"}"#)

  private static func altered(_ alteration: (inout Integration) -> Void) -> Integration {
    var integration = full
    alteration(&integration)
    return integration
  }

  @Test(
    "name the fields that differ, in the columns' order",
    arguments: [
      (altered { _ in }, ""),
      (altered { $0.id = "j" }, "integration_id"),
      (altered { $0.id = nil }, "integration_id"),
      (altered { $0.brainID = nil }, "brain_id"),
      (
        altered {
          $0.webhookURL = "https://v"
          $0.webhookHost = "v"
        }, "webhook_url"
      ),
      (altered { $0.webhookHost = "v" }, ""),
      (altered { $0.authType = "no_auth" }, "auth_type"),
      (altered { $0.createdAt = nil }, "created_at"),
      (altered { $0.updatedAt = "yesterday" }, "updated_at"),
      (
        altered {
          $0.updatedAt = nil
          $0.authType = nil
          $0.id = nil
          $0.extraJSON = "{}"
        }, "integration_id;auth_type;updated_at;extra.a;extra.b;extra.c"
      ),
      (altered { $0.extraJSON = #"{"a":2,"b":{"x":[1,2],"y":null},"c":"t"}"# }, "extra.a"),
      (altered { $0.extraJSON = #"{"a":"1","b":{"x":[1,2],"y":null},"c":"t"}"# }, "extra.a"),
      (altered { $0.extraJSON = #"{"a":null,"b":{"x":[2,1],"y":null},"c":"t"}"# }, "extra.a;extra.b"),
      (altered { $0.extraJSON = #"{"a":1,"b":{"x":[1,2],"y":null},"c":"t","d":null}"# }, "extra.d"),
      // More digits than SQLite reads.
      (altered { $0.extraJSON = #"{"a":1.0000000000000000000001,"b":{"x":[1,2],"y":null},"c":"t"}"# }, "extra.a"),
      // Names that a list of names can't hold.
      (altered { $0.extraJSON = #"{"a":1,"b":{"x":[1,2],"y":null},"c":"t","x;y":1}"# }, "extra"),
      (altered { $0.extraJSON = #"{"a":1,"b":{"x":[1,2],"y":null},"c":"t","":1}"# }, "extra"),
      (altered { $0.extraJSON = #"{"a":1,"b":{"x":[1,2],"y":null},"c":"t","é":1}"# }, "extra"),
      (
        altered { integration in
          integration.extraJSON = "{" + (1...11).map { "\"f\($0)\":0" }.joined(separator: ",") + "}"
        }, "extra"
      ),
    ])
  func fields(after: Integration, expected: String) async throws {
    try await run([("p", .like(Self.full)), ("q", .at("u"))])
    let row = try #require(try rows(try await run([("q", .at("u")), ("p", .like(after))])).last)
    #expect(row.change == (expected.isEmpty ? .unchanged : .changed))
    #expect(row.changedFields.joined(separator: ";") == expected)
  }

  @Test("tell numbers apart that only look different to a reader of the text")
  func numbers() async throws {
    try await run([("p", .like(Self.altered { $0.extraJSON = #"{"a":12345678901234567890123}"# }))])
    let second = try await run([("p", .like(Self.altered { $0.extraJSON = #"{"a":12345678901234567890124}"# }))])
    #expect(try rows(second).map(told) == ["changed extra"])
  }

  @Test("take the first answer of a project that is listed several times, and tell each of its rows")
  func duplicates() async throws {
    try await run([("p", .failed), ("p", .at("u")), ("p", .at("v")), ("p", .notFound)])
    let second = try await run([("p", .at("v")), ("p", .at("u")), ("p", .failed)])
    #expect(try rows(second).map(told) == ["changed webhook_url", "unchanged", "unknown: u @ 1"])
  }

  @Test("are computed from scratch each time, and leave other runs alone")
  func again() async throws {
    try await run([("p", .at("u")), ("q", .at("u"))])
    let second = try await run([("p", .failed), ("q", .at("v"))])
    let third = try await run([("p", .at("u")), ("q", .failed)])
    #expect(try rows(second).map(told) == ["unknown: u @ 1", "changed webhook_url"])
    try ledger.reopen(.unanswered, ofRun: third, credentials: ["c0", "c1"], defaultCredential: nil)
    let now = try #require(answer(.at("w"), line: 3, run: third))
    try await ledger.commit([now], requests: 1, responses: 1, toRun: third)
    for _ in 1...2 { try ledger.computeChanges(ofRun: third) }
    #expect(try rows(third).map(told) == ["unchanged", "changed webhook_url"])
    #expect(try rows(second).map(told) == ["unknown: u @ 1", "changed webhook_url"])
  }

  @Test("count no run that was killed or interrupted: where there is no other, the next run is the first")
  func killed() async throws {
    _ = try temporary.begin([pending(2, "p")])
    let second = try await run([("p", .at("u"))])
    #expect(try rows(second).map(told) == ["-"])
    let killed = try temporary.begin([pending(2, "p"), pending(3, "q")]).id
    try await ledger.commit([.found(2, url: "v")], requests: 1, responses: 1, toRun: killed)
    let fourth = try await run([("p", .at("v")), ("q", .at("q"))])
    #expect(try rows(fourth).map(told) == ["changed webhook_url", "new"])
    try ledger.setState(.interrupted, ofRun: fourth)
    #expect(try rows(await run([("p", .at("u")), ("q", .at("q"))])).map(told) == ["unchanged", "new"])
  }

  @Test("are counted, and the run before and the projects that only it lists are named")
  func overview() async throws {
    var projects: [(id: String, fate: Fate)] = (1...150).map { ("old-\(1000 + $0)", .at("u\($0)")) }
    let first = try await run(projects + [("p", .at("u")), ("", .invalidID)])
    let none = try ledger.overview(ofRun: first)
    #expect(none.changes.total == 0 && none.changes.unlisted == 0 && none.previousRun == nil)
    projects[1].fate = .failed
    projects[2].fate = .notFound
    let second = try await run(projects + [("p", .notFound), ("p", .notFound), ("never", .failed)])
    let third = try await run([("p", .at("u")), ("q", .at("u")), ("q", .failed)])
    let overview = try ledger.overview(ofRun: third)
    #expect(overview.previousRun?.id == second)
    #expect(Change.allCases.map { overview.changes[$0] } == [1, 1, 0, 0, 0, 1])
    #expect(overview.changes.unlisted == 151)
    #expect(overview.unlisted.count == 100)
    #expect(overview.unlisted[0].projectID == "never")
    #expect(overview.unlisted[0].lastGood == nil)
    #expect(overview.unlisted[1].lastGood?.at == Self.time(ofRun: second).description)
    #expect(overview.unlisted[2].projectID == "old-1002")
    #expect(
      overview.unlisted[2].lastGood == LastGood(webhookURL: "u2", at: Self.time(ofRun: first).description))
    #expect(
      overview.unlisted[3].lastGood == LastGood(webhookURL: nil, at: Self.time(ofRun: second).description))
    #expect(overview.unlisted.map(\.projectID) == overview.unlisted.map(\.projectID).sorted())
    let view = try temporary.rows("SELECT * FROM latest_changes ORDER BY line IS NULL, line, project_id")
    #expect(view.map { $0["change"] as String? }.prefix(3) == ["added", "new", "unknown"])
    #expect(view.count == 3 + 151)
    #expect(view.dropFirst(3).allSatisfy { $0["change"] == "unlisted" && $0["run_id"] == third })
    #expect(
      view.dropFirst(3).prefix(100).map { [$0["project_id"] as String?, $0["last_good_webhook_url"]] }
        == overview.unlisted.map { [$0.projectID, $0.lastGood?.webhookURL] })
  }

  private func changes(_ comparison: Comparison, unchanged: Bool = false) throws -> [String] {
    var found: [String] = []
    try ledger.forEachChange(of: comparison, unchanged: unchanged) { row in
      var text = "\(row.line.map(String.init) ?? "") \(row.projectID) \(row.kind)"
      if !row.changedFields.isEmpty { text += " " + row.changedFields.joined(separator: ";") }
      if let before = row.previousOutcome {
        text += " (\(before.rawValue) \(row.previousIntegration?.webhookURL ?? "none"))"
      }
      if let lastGood = row.lastGood { text += ": \(lastGood.webhookURL ?? "none")" }
      found.append(text)
    }
    return found
  }

  @Test("are handed out as recorded, or between exactly two runs")
  func comparing() async throws {
    try await run([("p", .at("u")), ("q", .at("q")), ("r", .notFound), ("..", .invalidID), ("s", .at("s"))])
    try await run([("r", .at("r")), ("q", .failed), ("p", .at("v")), ("t", .failed)])
    try await run([("q", .at("q")), ("p", .at("v")), ("r", .skipped), ("t", .at("t")), ("p", .at("u"))])
    #expect(
      try changes(.recorded(run: 3)) == [
        "4 r unknown (found r): r", "5 t new", "6 p changed webhook_url (found v)",
      ])
    #expect(
      try changes(.recorded(run: 3), unchanged: true).prefix(2) == [
        "2 q unchanged (found q)", "3 p unchanged (found v)",
      ])
    #expect(try changes(.recorded(run: 2)).last == " s unlisted: s")
    #expect(try changes(.recorded(run: 1), unchanged: true).isEmpty)
    #expect(
      try changes(.between(earlier: 1, later: 3)) == [
        "3 p changed webhook_url (found u)", "4 r unknown (not_found none): none", "5 t new", " s unlisted: s",
      ])
    #expect(
      try changes(.between(earlier: 2, later: 3), unchanged: true) == [
        "2 q new", "3 p unchanged (found v)", "4 r unknown (found r): r", "5 t new",
        "6 p changed webhook_url (found v)",
      ])
    #expect(
      try changes(.between(earlier: 3, later: 2)) == [
        "2 r new", "3 q unknown (found q): q", "5 t unknown (found t): t",
      ])
  }
}
