import Foundation
import Testing

@Suite("Every statement that the program runs", .timeLimit(.minutes(5)))
struct StatementPlanTests {
  private static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/Ledger")

  @Test("finds its rows through an index, unless there is a reason to read more")
  func plans() async throws {
    let name = "statements"
    let executed = try await StatementTrace.of(databasesNamed: name) {
      let battery = try StatementBattery(name: name)
      defer { battery.removeFiles() }
      try await battery.run()
    }
    var unused = Set(ReviewedPlan.all.flatMap(\.statements))
    for statement in executed {
      let sql = SourceStatement.normalized(statement.sql)
      let costs = Cost.all(of: statement.plan, in: sql)
      guard !costs.isEmpty else { continue }
      var allowed: Set<Cost> = []
      for reviewed in ReviewedPlan.all {
        let matching = reviewed.statements.filter { sql.contains($0) }
        unused.subtract(matching)
        if !matching.isEmpty { allowed.formUnion(reviewed.costs) }
      }
      let unexplained = costs.subtracting(allowed).map(\.rawValue).sorted()
      #expect(unexplained.isEmpty, "\(sql)\n\(statement.plan.map(\.detail).joined(separator: "\n"))")
    }
    #expect(unused.isEmpty, "These statements need no reason any more, or are no longer run.")
    try expectCoverage(by: executed.map(\.sql))
  }

  /// A statement that is new in the sources must be run here, too.
  private func expectCoverage(by executed: [String]) throws {
    let written = try SourceStatement.all(in: Self.sources).filter { statement in
      // The one is run once for each version; the other is about a database of its own, of 2,000 rows at most.
      !["Schema/Schema.swift", "Rows/AnswersAside.swift"].contains(statement.file)
        // Of a table's columns.
        && !statement.fragments.contains { $0.contains("pragma_table_info") }
    }
    #expect(written.count > 100)
    for statement in written {
      #expect(
        executed.contains(where: statement.matches),
        "\(statement.file): StatementBattery does not run this: \(statement.fragments.joined(separator: " … "))")
    }
  }

  @Test(
    "that reads too much is recognized",
    arguments: [
      (["SEARCH results USING PRIMARY KEY (run_id=? AND line=?)"], []),
      (["SEARCH results USING PRIMARY KEY (run_id=?)"], [.run]),
      (["SEARCH results USING PRIMARY KEY (run_id=? AND line>?)"], [.range]),
      (["SEARCH results USING INDEX results_pending (run_id=? AND credential=? AND line>?)"], []),
      (["SCAN results"], [.history]),
      (["SCAN runs"], []),
      (["SCAN json_each VIRTUAL TABLE INDEX 1:", "SEARCH n USING PRIMARY KEY (run_id=? AND line=?)"], []),
      (["SCAN runs", "SEARCH n USING PRIMARY KEY (run_id=?)"], [.run, .repeated]),
      (["MATERIALIZE few", "SEARCH n USING PRIMARY KEY (run_id=?)", "SCAN few"], [.run, .repeated]),
      (["SEARCH n USING PRIMARY KEY (run_id=?)", "USE TEMP B-TREE FOR ORDER BY"], [.run, .sorting]),
      (["SEARCH few USING AUTOMATIC COVERING INDEX (project_id=?)"], [.automaticIndex]),
    ] as [([String], Set<Cost>)])
  func costs(plan: [String], expected: Set<Cost>) {
    let steps = plan.enumerated().map { PlanStep(id: $0 + 1, parent: 0, detail: $1) }
    #expect(Cost.all(of: steps, in: "SELECT") == expected)
  }

  @Test("that depends on a row of another is counted once for each of them")
  func correlated() {
    let steps = [
      PlanStep(id: 1, parent: 0, detail: "SEARCH n USING PRIMARY KEY (run_id=? AND line=?)"),
      PlanStep(id: 2, parent: 0, detail: "CORRELATED SCALAR SUBQUERY 1"),
      PlanStep(id: 3, parent: 2, detail: "SEARCH results USING PRIMARY KEY (run_id=?)"),
    ]
    #expect(Cost.all(of: steps, in: "SELECT") == [.run, .repeated])
  }
}
