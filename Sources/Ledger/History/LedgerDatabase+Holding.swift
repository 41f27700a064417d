import GRDB
import InventoryModel
import TextFormats

extension LedgerDatabase {
  /// Turns a held run into a finished run and computes its changes, in one transaction.
  ///
  /// Runs that have finished since then keep their recorded changes.
  ///
  /// - Precondition: the run is held.
  package func accept(_ run: Int64) throws(LedgerError) {
    try writing {
      try pool.write { db in
        try db.execute(
          sql: """
            UPDATE runs SET state = 'finished', accepted_gone = coalesce(held ->> '$.gone', held ->> '$.not_found')
            WHERE id = ?
            """, arguments: [run])
        _ = try Self.computeChanges(ofRun: run, holdingBeyond: nil, in: db)
      }
    }
  }

  /// Why too many integrations have disappeared in a run whose rows have been compared; nil if the limit is not
  /// exceeded.
  static func reasonToHold(
    beyond limit: GoneLimit, with earlier: EarlierRuns, in db: Database
  ) throws -> HeldReason? {
    let run = earlier.own.run
    let noted = try Row.fetchOne(
      db, sql: "SELECT coalesce(outcomes ->> 'not_found', 0), coalesce(outcomes ->> 'found', 0) FROM runs WHERE id = ?",
      arguments: [run])
    let (notFound, found): (Int, Int) = (noted?[0] ?? 0, noted?[1] ?? 0)
    guard !limit.isUnlimited, notFound >= min(limit.fewest, GoneLimit.fewestByPercent) else { return nil }
    var reason: HeldReason?
    // Counting rows is fast; counting projects requires a sort.
    let gone = "SELECT count(*) FROM results WHERE run_id = ? AND change = 'gone'"
    if try Int.fetchOne(db, sql: gone, arguments: [run]) ?? 0 >= limit.fewest {
      let projects = try Row.fetchOne(db, sql: goneProjects, arguments: [run])
      let (gone, had): (Int, Int) = (projects?[0] ?? 0, projects?[1] ?? 0)
      if limit.isExceeded(byGone: gone, of: had) { reason = .gone(projects: gone, of: had, limit: limit) }
    } else if found == 0, try !earlier.haveAnswers(in: db) {
      let none = "SELECT count(DISTINCT project_id) FROM results WHERE run_id = ? AND outcome = 'not_found'"
      let projects = try Int.fetchOne(db, sql: none, arguments: [run]) ?? 0
      if projects >= GoneLimit.fewestByPercent { reason = .noneFound(projects: projects) }
    }
    // An accepted number stays accepted when the run is reopened or merged again.
    let accepted = try Int.fetchOne(db, sql: "SELECT accepted_gone FROM runs WHERE id = ?", arguments: [run])
    return reason.flatMap { $0.projects <= accepted ?? -1 ? nil : $0 }
  }

  /// Counts the projects that had an integration and have none in any of their rows, and all projects that had one. The
  /// columns of a row show what it was compared with.
  private static let goneProjects = """
    SELECT count(*) FILTER (WHERE had AND gone), count(*) FILTER (WHERE had) FROM (
      SELECT
        max(change IN ('gone', 'changed') OR (change = 'unchanged' AND outcome = 'found')
          OR last_good_webhook_url IS NOT NULL) AS had,
        max(outcome = 'not_found') AND NOT max(outcome = 'found') AS gone
      FROM results WHERE run_id = ? AND outcome <> 'invalid_id' GROUP BY project_id)
    """

  static func hold(_ run: Int64, for reason: HeldReason, in db: Database) throws {
    var json = JSONText()
    json.object { json in
      json.member("reason", reason.description)
      switch reason {
      case .gone(let projects, let had, let limit):
        json.member("gone", projects)
        json.member("had", had)
        json.member("limit", limit.description)
      case .noneFound(let projects):
        json.member("not_found", projects)
      }
    }
    try db.execute(
      sql: "UPDATE runs SET state = 'running', held = ?, previous_run = NULL, was_finished = 0 WHERE id = ?",
      arguments: [json.string, run])
  }

  /// The columns of `runs` that ``heldReason(_:)`` reads.
  static let heldColumns = """
    held ->> '$.gone' AS held_gone, held ->> '$.had' AS held_had, held ->> '$.limit' AS held_limit,
      held ->> '$.not_found' AS held_not_found
    """

  static func heldReason(_ row: Row) -> HeldReason? {
    if let projects: Int = row["held_not_found"] { return .noneFound(projects: projects) }
    guard let gone: Int = row["held_gone"], let had: Int = row["held_had"],
      let limit = (row["held_limit"] as String?).flatMap({ GoneLimit($0) })
    else { return nil }
    return .gone(projects: gone, of: had, limit: limit)
  }
}
