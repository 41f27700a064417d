import GRDB
import InventoryModel
import Ledger
import Testing
import TextFormats

@Suite("The history of a database")
struct HistoryTests {
  private let temporary: TemporaryLedger
  private var ledger: LedgerDatabase { temporary.ledger }

  init() throws {
    temporary = try TemporaryLedger()
  }

  private func expectModel(_ run: Int64, _ place: String) throws {
    let model = try HistoryModel(temporary)
    let expected = model.told(of: run)
    let rows = try temporary.rows(
      "SELECT line, change, last_good_at, previous_run FROM results WHERE run_id = \(run) AND outcome IS NOT NULL")
    #expect(rows.count == expected.count, "\(place)")
    for row in rows {
      let told = HistoryModel.Told(
        change: row["change"], lastGoodAt: row["last_good_at"], previousRun: row["previous_run"])
      #expect(told == expected[row["line"]], "\(place), run \(run), line \(row["line"] as Int)")
    }
    let previous =
      try temporary.rows("SELECT previous_run FROM runs WHERE id = \(run)").first?["previous_run"] as Int64?
    #expect(previous == model.previous(of: run), "\(place), run \(run), the run before")
  }

  @Test(
    "is the finished runs by the time of their answers, whatever is held, accepted, interrupted or continued late",
    arguments: 1...60)
  func histories(seed: Int) async throws {
    var history = RandomHistory(seed: UInt64(seed) &+ 7000)
    var runs: [RandomHistory.Run] = []
    for number in 1...12 {
      let run = history.next()
      runs.append(run)
      try await run.play(into: temporary, day: Double(number))
      let id = Int64(number)
      if run.end != .killed, run.end != .killedLater { try expectModel(id, "seed \(seed), played \(run.end)") }
      // An older program continued runs although newer ones were finished.
      if history.chance(25), let resumed = try ledger.newestUnfinishedRun() {
        try await again(.open, runs[Int(resumed.id) - 1], resumed.id, Double(number) + 0.3, &history)
        try expectModel(resumed.id, "seed \(seed), resumed after run \(number)")
      }
      if history.chance(30), let held = try ledger.runs().last(where: { $0.record.state == .held })?.record.id {
        let others = try temporary.rows("SELECT * FROM results WHERE run_id <> \(held)")
        try ledger.accept(held)
        try expectModel(held, "seed \(seed), accepted after run \(number)")
        #expect(try temporary.rows("SELECT * FROM results WHERE run_id <> \(held)") == others)
      }
      if history.chance(30) {
        try await again(.unanswered, run, id, Double(number) + 0.6, &history)
        try expectModel(id, "seed \(seed), retried run \(number)")
      }
    }
  }

  private func again(
    _ rows: ReopenedRows, _ run: RandomHistory.Run, _ id: Int64, _ day: Double, _ history: inout RandomHistory
  ) async throws {
    let fates = run.rows.map { _ in
      history.chance(30)
        ? RandomHistory.Fate.failed : history.chance(20) ? .notFound : .at(history.chance(50) ? 0 : 1)
    }
    let limit: GoneLimit? = history.chance(40) ? .projects(1) : nil
    try await run.retry(rows, in: ledger, run: id, day: day, holdingBeyond: limit) { fates[$0] }
  }

  /// A run that has ended, with these projects in lines from 2 on; nil for one without an integration.
  @discardableResult
  private func run(
    _ projects: [(id: String, webhook: String?)], day: Double, failed: [String] = [], limit: GoneLimit? = nil,
    state: RunState = .finished
  ) async throws -> (id: Int64, held: HeldReason?) {
    let time = Timestamp(milliseconds: 1_700_000_000_000 + Int64(day * 86_400_000))
    let record = try temporary.begin(
      at: time, (projects.map(\.id) + failed).enumerated().map { pending($0 + 2, $1, credential: "c\($0)") })
    var answers = projects.enumerated().map { index, project in
      CollectedAnswer(
        project: PendingProject(line: index + 2, projectID: project.id, credential: "c"),
        answer: project.webhook.map {
          Answer(outcome: .found, httpStatus: 200, integration: Integration(webhookURL: $0))
        } ?? Answer(outcome: .notFound, httpStatus: 404),
        attempts: 1, durationMS: 1, fetchedAt: time)
    }
    answers += failed.indices.map {
      var answer = CollectedAnswer.failed(projects.count + $0 + 2, status: 500)
      answer.fetchedAt = time
      return answer
    }
    try await ledger.commit(answers, requests: 0, responses: 0, toRun: record.id)
    try ledger.markCollected(run: record.id, at: time)
    let held = try ledger.computeChanges(ofRun: record.id, holdingBeyond: limit)
    try ledger.setState(held == nil ? state : .held, ofRun: record.id)
    return (record.id, held)
  }

  private func changes(_ run: Int64) throws -> [String?] {
    try temporary.rows("SELECT change FROM results WHERE run_id = \(run) ORDER BY line").map { $0["change"] }
  }

  private func projects(_ count: Int, from first: Int = 0, at webhook: String? = "u") -> [(
    id: String, webhook: String?
  )] {
    (first..<first + count).map { ("p\($0)", webhook) }
  }

  /// Projects that had an integration, those that have none now, and whether the limit holds the run.
  private static let limits: [(had: Int, gone: Int, limit: String, isHeld: Bool)] = [
    (50, 10, "20%", false), (50, 11, "20%", true), (49, 10, "20%", true), (20, 9, "20%", false), (9, 9, "20%", false),
    (10, 10, "20%", true), (100, 20, "20%", false), (100, 21, "20%", true), (100, 100, "100%", false),
    (100, 10, "9.5%", true), (100, 10, "10%", false), (100, 10, "0%", true), (100, 9, "0%", false),
    (100, 3, "3", false), (100, 4, "3", true), (100, 1, "0", true), (100, 0, "0", false), (100, 100, "100", false),
  ]

  @Test("holds a run where more than so many integrations have disappeared at once", arguments: limits)
  func limit(had: Int, gone: Int, limit: String, isHeld: Bool) async throws {
    // Projects without an integration before, new ones, and those without an answer are no part of the sum.
    try await run(projects(had) + projects(30, from: 1000, at: nil), day: 1)
    let now =
      projects(gone, at: nil) + projects(had - gone, from: gone) + projects(30, from: 1000, at: nil)
      + projects(30, from: 2000, at: nil)
    let limit = try #require(GoneLimit(limit))
    let second = try await run(now, day: 2, failed: ["q"], limit: limit)
    #expect(second.held == (isHeld ? .gone(projects: gone, of: had, limit: limit) : nil))
    #expect(try changes(second.id).contains { $0 != nil } != isHeld)
    #expect(try ledger.run(second.id)?.held == second.held)
  }

  @Test("counts projects, not rows, and none that has an integration in any of its rows")
  func duplicates() async throws {
    try await run(projects(20), day: 1)
    // Nine projects in four rows each.
    let nine = Array(repeating: projects(9, at: nil), count: 4).flatMap(\.self)
    #expect(try await run(nine + projects(11, from: 9), day: 2, limit: .standard).held == nil)
    try await run(projects(20), day: 3)
    let ten = Array(repeating: projects(10, at: nil), count: 2).flatMap(\.self) + projects(10, from: 10)
    #expect(try await run(ten, day: 4, limit: .standard).held == .gone(projects: 10, of: 20, limit: .standard))
    #expect(try await run(ten + projects(1), day: 5, limit: .standard).held == nil)
  }

  @Test(
    "holds a first run in which at least ten projects have no integration and none has one",
    arguments: [
      (10, 0, "20%", true), (9, 0, "20%", false), (10, 1, "20%", false), (10, 0, "100%", false), (10, 0, "100", true),
      (10, 0, "3", true),
    ])
  func first(notFound: Int, found: Int, limit: String, isHeld: Bool) async throws {
    let limit = try #require(GoneLimit(limit))
    // Neither of these is an earlier answer.
    try await run([], day: 1, failed: ["p0"])
    try await run(projects(20), day: 2, state: .interrupted)
    // Twice in the list each.
    let list = projects(notFound, at: nil) + projects(found, from: 50)
    let held = try await run(list + list, day: 3, failed: ["q"], limit: limit).held
    #expect(held == (isHeld ? .noneFound(projects: notFound) : nil))
    // With an earlier answer, for whatever project, it is another case.
    try await run([("other", "u")], day: 4)
    #expect(try await run(projects(20, from: 100, at: nil), day: 5, limit: limit).held == nil)
  }

  @Test("compares with the answer that was given last, not with that of the highest run")
  func resumedLate() async throws {
    // Run 1 is interrupted, run 2 finished, and then run 1 continued, as older programs did.
    let first = try temporary.begin(
      at: Timestamp(milliseconds: 1_700_000_000_000), [pending(2, "p"), pending(3, "q")]
    ).id
    func answer(_ line: Int, _ webhook: String, _ day: Double) -> CollectedAnswer {
      var answer = CollectedAnswer.found(line, url: webhook)
      answer.fetchedAt = Timestamp(milliseconds: 1_700_000_000_000 + Int64(day * 86_400_000))
      return answer
    }
    try await ledger.commit([answer(2, "old", 1)], requests: 1, responses: 1, toRun: first)
    let second = try await run([("p", "new"), ("q", "old")], day: 2).id
    #expect(try changes(second) == [nil, nil])
    try await ledger.commit([answer(3, "new", 3)], requests: 1, responses: 1, toRun: first)
    try ledger.markCollected(run: first, at: Timestamp(milliseconds: 1_700_000_000_000 + 3 * 86_400_000))
    try ledger.computeChanges(ofRun: first)
    try ledger.setState(.finished, ofRun: first)
    #expect(try changes(first) == ["new", "changed"])
    let third = try await run([("p", "new"), ("q", "new")], day: 4).id
    #expect(try changes(third) == ["unchanged", "unchanged"])
    #expect(try ledger.overview(ofRun: third).previousRun?.id == first)
  }

  @Test("goes on with a run that was finished once and is asked again, and without one that was never finished")
  func askedAgain() async throws {
    let first = try await run([("p", "u")], day: 1, failed: ["q"]).id
    try ledger.reopen(.unanswered, ofRun: first, credentials: ["c0", "c1"], defaultCredential: nil)
    try await run([("p", "x")], day: 2, state: .interrupted)
    let third = try await run([("p", "u")], day: 3).id
    #expect(try changes(third) == ["unchanged"])
    #expect(try temporary.rows("SELECT project_id FROM latest").count == 1)
  }

  @Test("leaves a held run out of everything, until it is accepted; what was accepted stays accepted")
  func accepting() async throws {
    let first = try await run(projects(20), day: 1).id
    let held = try await run(projects(20, at: nil), day: 2, failed: ["r"], limit: .standard).id
    #expect(try changes(held).allSatisfy { $0 == nil })
    #expect(try ledger.newestUnfinishedRun() == nil)
    #expect(try ledger.newestFinishedRun()?.id == first)
    #expect(try ledger.overview(ofRun: held).previousRun == nil)
    #expect(try temporary.strings("SELECT DISTINCT run_id FROM latest") == ["\(first)"])
    let third = try await run(projects(20), day: 3, limit: .standard).id
    #expect(try changes(third).allSatisfy { $0 == "unchanged" })
    let overview = try ledger.overview(ofRun: third)
    #expect(overview.previousRun?.id == first && overview.history.map(\.id) == [first, third])
    try ledger.accept(held)
    #expect(try ledger.run(held)?.state == .finished && ledger.run(held)?.held == nil)
    #expect(try changes(held) == Array(repeating: "gone", count: 20) + ["unknown"])
    #expect(try ledger.overview(ofRun: held).previousRun?.id == first)
    // What was recorded stays; what comes is compared with the newest answers.
    #expect(try changes(third).allSatisfy { $0 == "unchanged" })
    #expect(try ledger.overview(ofRun: third).previousRun?.id == first)
    #expect(try changes(await run(projects(20), day: 4, limit: .standard).id).allSatisfy { $0 == "unchanged" })
    // Decided again, it is not held for the same projects once more.
    #expect(try ledger.computeChanges(ofRun: held, holdingBeyond: .standard) == nil)
    #expect(try ledger.computeChanges(ofRun: held, holdingBeyond: .projects(3)) == nil)
  }
}
