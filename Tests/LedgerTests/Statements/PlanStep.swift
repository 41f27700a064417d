/// One step of a query plan, as `EXPLAIN QUERY PLAN` words it (<https://www.sqlite.org/eqp.html>).
struct PlanStep: Hashable {
  var id: Int
  /// The step that it is part of; 0 for none.
  var parent: Int
  var detail: String
}

/// What is costly in a plan where there are many rows, unless it is meant.
enum Cost: String, CaseIterable {
  /// All rows of a run are read, or of a table that was made for the statement.
  case run
  /// The rows of all runs are read.
  case history
  /// The part of a run is read that a range of one column bounds.
  case range
  /// One of these once for each of other rows.
  case repeated
  case sorting
  /// An index is made that is gone with the statement.
  case automaticIndex

  /// Of a statement's plan.
  static func all(of plan: [PlanStep], in sql: String) -> Set<Cost> {
    var costs: Set<Cost> = []
    for step in plan {
      var own: Set<Cost> = []
      if step.detail.contains("TEMP B-TREE") { costs.insert(.sorting) }
      if step.detail.contains("USING AUTOMATIC") { costs.insert(.automaticIndex) }
      if step.detail.hasPrefix("SEARCH ") {
        if step.detail.contains("(run_id=?)") { own.insert(.run) }
        if step.detail.contains(/\(run_id=\? AND \w+[<>]\?\)/) { own.insert(.range) }
      }
      if step.detail.hasPrefix("SCAN "), let cost = costOfScan(step, of: plan, in: sql) { own.insert(cost) }
      if !own.isEmpty, isRepeated(step, in: plan) { own.insert(.repeated) }
      costs.formUnion(own)
    }
    return costs
  }

  /// nil for what is never large: constants, values of a JSON text, runs, and what the statement itself has put together,
  /// as long as that is gone through once.
  private static func costOfScan(_ step: PlanStep, of plan: [PlanStep], in sql: String) -> Cost? {
    if step.detail.contains("CONSTANT ROW") || step.detail.contains("VIRTUAL TABLE") { return nil }
    let name = step.detail.split(separator: " ")[1]
    if name == "runs" || name.contains("sqlite_") || sql.contains("runs AS \(name)") { return nil }
    let isTemporary = sql.matches(of: /temp\.(\w+)(?: AS (\w+))?/).contains {
      [$0.1, $0.2 ?? $0.1, $0.0].contains(name)
    }
    if isTemporary { return .run }
    let isMade = plan.contains { ["MATERIALIZE \(name)", "CO-ROUTINE \(name)"].contains($0.detail) }
    if isMade { return isRepeated(step, in: plan, asInner: true) ? .run : nil }
    return .history
  }

  /// Whether a step is taken for each row of another: as an inner loop, or in a subquery that depends on the row.
  private static func isRepeated(_ step: PlanStep, in plan: [PlanStep], asInner: Bool = false) -> Bool {
    func isLoop(_ step: PlanStep) -> Bool { step.detail.hasPrefix("SCAN ") || step.detail.hasPrefix("SEARCH ") }
    let outer = plan.first { $0.parent == step.parent && isLoop($0) }
    if outer != step { return true }
    guard !asInner else { return false }
    var parent = plan.first { $0.id == step.parent }
    while let above = parent {
      if above.detail.hasPrefix("CORRELATED") { return true }
      parent = plan.first { $0.id == above.parent }
    }
    return false
  }
}
