import InventoryModel
import Ledger
import Testing

@Suite("Answers gathered for the end of a run")
struct AnswerDigestTests {
  private static let finished = Timestamp(milliseconds: 1_767_225_600_000)

  /// Findings that depend on most of what a rule may look at.
  @Sendable private static func findings(of row: ResultRow) -> [Finding] {
    guard let integration = row.integration else { return [] }
    var findings: [Finding] = []
    if integration.authType == nil { findings.append(Finding(.noAuth, row.projectID)) }
    if integration.updatedAt == nil { findings.append(Finding(.stale, row.fetchedAt ?? "never")) }
    if integration.extraJSON != "{}" {
      findings.append(Finding(.unexpectedField, "\(row.outcome) \(row.httpStatus ?? 0)"))
    }
    return findings
  }

  /// One project is there twice.
  private static func projectID(ofLine line: Int) -> String { line == 10 ? "p11" : "p\(line)" }

  private static func answer(_ line: Int, rows: Int = 1, using random: inout some RandomNumberGenerator)
    -> CollectedAnswer
  {
    let times = [
      "2025-12-31T00:00:00.000Z", "2025-12-02T00:00:00.001Z", "2025-12-02T00:00:00.000Z", "2025-12-01T23:59:59.999Z",
      "2025-07-10T00:00:00.000Z", "2001-01-01T00:00:00.000Z", "never", nil,
    ]
    let outcome = Outcome.allCases.filter { $0 != .invalidID }.randomElement(using: &random) ?? .found
    let isFound = outcome == .found || Int.random(in: 0..<3, using: &random) > 0
    // Few enough for some to be shared.
    let host = "h\(Int.random(in: 0..<30, using: &random)).example"
    let answer =
      isFound
      ? Answer(
        outcome: .found, httpStatus: 200,
        integration: Integration(
          webhookURL: "https://\(host)/\(Int.random(in: 0..<40, using: &random))",
          webhookHost: Bool.random(using: &random) ? host : nil,
          authType: ["bearer", "né", nil].randomElement(using: &random)!,
          updatedAt: times.randomElement(using: &random)!,
          extraJSON: Bool.random(using: &random) ? "{}" : #"{"plan":"gold"}"#))
      : Answer(
        outcome: outcome, httpStatus: outcome == .notFound ? 404 : nil,
        error: outcome == .notFound ? nil : RowError(.timeout, "No answer."))
    return CollectedAnswer(
      project: PendingProject(
        line: line, projectID: projectID(ofLine: line), credential: line % 5 == 0 ? "b" : "a", rows: rows),
      answer: answer, attempts: 1, durationMS: 1,
      fetchedAt: Bool.random(using: &random) ? Timestamp(milliseconds: 1_700_000_000_123) : nil)
  }

  @Test(
    "tell the same as its rows, however they came, and however long the run takes: also days, or less than no time",
    arguments: zip(1...7, [0, 3_600_000, 86_399_999, 86_400_000, 86_400_001, 1_000_000_000, -1] as [Int64]))
  func sameAsRows(seed: Int, milliseconds: Int64) async throws {
    let temporary = try TemporaryLedger()
    // Its folder goes with it.
    defer { withExtendedLifetime(temporary) {} }
    let ledger = temporary.ledger
    func stored() throws -> [String] {
      try temporary.strings(
        "SELECT line || project_id || rule || severity || detail FROM findings ORDER BY line, rule, detail")
    }
    var random = RandomHistory.Random(state: UInt64(seed))
    let lines = Array(2..<402)
    let entered = try temporary.enter(
      lines.map { pending($0, Self.projectID(ofLine: $0), credential: $0 % 5 == 0 ? "b" : "a") })
    let run = entered.record.id
    let digest = AnswerDigest(
      begun: Timestamp(milliseconds: Self.finished.milliseconds - milliseconds), projects: entered.repeatedProjects,
      Self.findings)
    var answers = lines.map { Self.answer($0, using: &random) }.shuffled(using: &random)[...]
    while !answers.isEmpty {
      #expect(digest.contents(ofAll: lines.count) == nil)
      let batch = Array(answers.prefix(Int.random(in: 1...90, using: &random)))
      answers = answers.dropFirst(batch.count)
      try await ledger.commit(batch, requests: batch.count, responses: batch.count, toRun: run)
      digest.add(batch)
    }
    let contents = try #require(digest.contents(ofAll: lines.count))
    try ledger.markCollected(run: run, at: Self.finished, outcomes: contents.outcomes)
    let recorded = try temporary.strings("SELECT outcomes FROM runs")
    try ledger.markCollected(run: run, at: Self.finished)
    #expect(try temporary.strings("SELECT outcomes FROM runs") == recorded)

    try ledger.replaceFindings(ofRun: run, by: contents)
    let gathered = try stored()
    try ledger.replaceFindings(ofRun: run, Self.findings)
    #expect(try stored() == gathered)
    #expect(
      gathered.contains { $0.contains("webhook-shared") } && gathered.contains { $0.contains("unexpected-field") })
    // The row before it, of the same project, has the other credential.
    #expect(gathered.contains { $0.hasPrefix("11p11duplicate-row") })

    for inFull in [true, false] {
      let told = try ledger.overviewOfAnswers(ofRun: run, inFull: inFull, digest: contents)
      let read = try ledger.overviewOfAnswers(ofRun: run, inFull: inFull)
      #expect(told.outcomes == read.outcomes && told.outcomes.total == lines.count)
      #expect(told.hosts == read.hosts && told.authTypes == read.authTypes)
      #expect(told.ages == read.ages && told.onlyCredential == read.onlyCredential)
      #expect(told.history == read.history)
    }
  }

  @Test("say nothing where a request answers several rows, also when it is the last")
  func sharedRequests() {
    var random = RandomHistory.Random(state: 7)
    let digest = AnswerDigest(begun: Self.finished, projects: RepeatedTexts(), Self.findings)
    digest.add([Self.answer(2, using: &random), Self.answer(3, rows: 2, using: &random)])
    digest.add([Self.answer(5, using: &random)])
    for rows in 0...4 { #expect(digest.contents(ofAll: rows) == nil) }
  }

  @Test("say nothing of other rows than all of the run's")
  func otherRows() {
    var random = RandomHistory.Random(state: 8)
    let digest = AnswerDigest(begun: Self.finished, projects: RepeatedTexts(), Self.findings)
    digest.add((2...4).map { Self.answer($0, using: &random) })
    #expect(digest.contents(ofAll: 3) != nil)
    #expect(digest.contents(ofAll: 2) == nil)
    #expect(digest.contents(ofAll: 4) == nil)
  }

  @Test("say nothing where there are more findings than memory is for")
  func manyFindings() {
    let digest = AnswerDigest(begun: Self.finished, projects: RepeatedTexts()) { row in
      (0..<1000).map { Finding(.stale, "\(row.line) \($0)") }
    }
    let answers = (2...20).map { CollectedAnswer.found($0) }
    digest.add(Array(answers.prefix(10)))
    #expect(digest.contents(ofAll: 10) != nil)
    digest.add(Array(answers.dropFirst(10)))
    #expect(digest.contents(ofAll: answers.count) == nil)
  }
}
