import Foundation
import GRDB
import InventoryModel
import Ledger
import Testing
import TextFormats

@Suite("Deleting runs")
struct PruningTests {
  private static let now = Timestamp(milliseconds: 1_800_000_000_000)

  /// Everything that is told of a run, and of the newest by the views.
  private func told(_ run: Int64, _ temporary: TemporaryLedger, without forgotten: Set<String> = []) throws -> [String]
  {
    var told: [String] = []
    try temporary.ledger.forEachResult(ofRun: run) { told.append("\($0)") }
    try temporary.ledger.forEachChange(of: .recorded(run: run), unchanged: true) { told.append("change \($0)") }
    let overview = try temporary.ledger.overview(ofRun: run)
    let history = overview.history.map { run in "\(run.id) \(run.rows) \(Outcome.allCases.map { run.outcomes[$0] })" }
    told.append("\(overview.previousRun?.id ?? 0) \(history) \(overview.onlyCredential ?? "")")
    if forgotten.isEmpty {
      told.append("\(Change.allCases.map { overview.changes[$0] }) \(overview.changes.unlisted) \(overview.unlisted)")
    }
    return told.filter { line in !forgotten.contains { line.contains("\"\($0)\"") } }
  }

  private func views(_ temporary: TemporaryLedger, without forgotten: Set<String> = []) throws -> [String] {
    try ["latest", "latest_findings", "latest_changes"].flatMap { view in
      try temporary.rows("SELECT * FROM \(view) ORDER BY line IS NULL, line, project_id").map(\.description)
    }.filter { line in !forgotten.contains { line.contains("\"\($0)\"") } }
  }

  @Test("leaves every run that stays, and every later one, as if nothing had been deleted", arguments: 1...40)
  func histories(seed: Int) async throws {
    let (whole, pruned) = (try TemporaryLedger(), try TemporaryLedger())
    var history = RandomHistory(seed: UInt64(seed))
    var runs: [RandomHistory.Run] = []
    /// Projects that no run lists which was there at a pruning.
    var forgotten: Set<String> = []
    for number in 1...14 {
      var run = history.next()
      // What is deleted was not needed by any run that there was; a new one does not begin before that.
      if try hasDeleted(pruned) { run.isLong = false }
      runs.append(run)
      for ledger in [whole, pruned] { try await run.play(into: ledger, day: Double(number)) }
      // Unless it has been deleted, which all but the newest unfinished run may be.
      if history.chance(25), let resumed = try whole.ledger.newestUnfinishedRun(),
        try pruned.ledger.newestUnfinishedRun()?.id == resumed.id
      {
        try await again(
          .open, runs[Int(resumed.id) - 1], resumed.id, day: Double(number) + 0.3, [whole, pruned], &history)
      }
      if history.chance(40), let held = try held(in: pruned.ledger) {
        for ledger in [whole, pruned] { try ledger.ledger.accept(held) }
      }
      if history.chance(45) { try prune(pruned, &history, &forgotten, whole: whole) }
      // The newest run is asked again, or only computed again, after earlier ones have gone.
      if history.chance(30) {
        try await again(.unanswered, run, Int64(number), day: Double(number) + 0.6, [whole, pruned], &history)
      }
      for listing in try pruned.ledger.runs() where listing.record.finishedAt != nil {
        if history.chance(30), listing.record.state != .held {
          for ledger in [whole, pruned] { try ledger.ledger.computeChanges(ofRun: listing.record.id) }
        }
        let (expected, got) = try (
          told(listing.record.id, whole, without: forgotten), told(listing.record.id, pruned, without: forgotten)
        )
        let differing = zip(got, expected).first { $0 != $1 }
        #expect(
          got == expected,
          "seed \(seed), after run \(number), run \(listing.record.id): \(differing.map { "\($0)" } ?? "")")
      }
      #expect(try views(pruned, without: forgotten) == views(whole, without: forgotten), "seed \(seed), run \(number)")
    }
    #expect(try pruned.strings("PRAGMA integrity_check") == ["ok"])
    #expect(try pruned.strings("PRAGMA foreign_key_check").isEmpty)
  }

  private func again(
    _ rows: ReopenedRows, _ run: RandomHistory.Run, _ id: Int64, day: Double, _ ledgers: [TemporaryLedger],
    _ history: inout RandomHistory
  ) async throws {
    let fates = run.rows.map { _ in history.chance(30) ? RandomHistory.Fate.failed : .at(history.chance(50) ? 0 : 1) }
    // A finished run that is held when it is asked again leaves the history, and with it what was deleted for it.
    let limit: GoneLimit? = try history.chance(30) && !ledgers.contains(where: hasDeleted) ? .projects(0) : nil
    for ledger in ledgers {
      try await run.retry(rows, in: ledger.ledger, run: id, day: day, holdingBeyond: limit) { fates[$0] }
    }
  }

  private func hasDeleted(_ temporary: TemporaryLedger) throws -> Bool {
    try !temporary.rows("SELECT 1 FROM runs WHERE pruned_at IS NOT NULL").isEmpty
  }

  private func held(in ledger: LedgerDatabase) throws -> Int64? {
    try ledger.runs().first { $0.record.state == .held }?.record.id
  }

  private func prune(
    _ temporary: TemporaryLedger, _ history: inout RandomHistory, _ forgotten: inout Set<String>, whole: TemporaryLedger
  ) throws {
    let ledger = temporary.ledger
    let choice: PruningChoice
    if history.chance(50) {
      choice = .olderThanNewest(history.choice(1...3) ?? 1)
    } else {
      var numbers: [Int64] = []
      for listing in try ledger.runs() where history.chance(50) {
        if (try? ledger.pruningPlan(.runs([listing.record.id]))) != nil { numbers.append(listing.record.id) }
      }
      choice = .runs(numbers)
    }
    let plan = try ledger.pruningPlan(choice)
    guard !plan.runs.isEmpty else { return }
    let rows = try temporary.strings("SELECT count(*) FROM results").first.flatMap { Int($0) } ?? 0
    let result = try ledger.prune(plan.runs, at: Self.now)
    let left = try temporary.strings("SELECT count(*) FROM results").first.flatMap { Int($0) } ?? 0
    #expect(result.rowsDeleted == rows - left)
    let stay = try temporary.strings(
      "SELECT DISTINCT project_id FROM results WHERE project_id <> '..'")
    let all = try whole.strings("SELECT DISTINCT project_id FROM results")
    forgotten.formUnion(Set(all).subtracting(stay))
    // Of what is forgotten, nothing is left; of a project that a run lists which stays, its newest answer is.
    let kept = try ledger.runs().map { "\($0.record.id)" }.joined(separator: ", ")
    let listed = try whole.strings(
      "SELECT DISTINCT project_id FROM results WHERE run_id IN (\(kept)) AND project_id <> '..'")
    #expect(Set(listed).isSubset(of: stay))
  }
}
