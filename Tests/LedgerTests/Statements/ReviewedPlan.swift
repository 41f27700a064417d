/// Statements that are costly because they have to be, and why.
struct ReviewedPlan {
  var reason: String
  var costs: Set<Cost>
  /// A part of each statement's text, with single spaces.
  var statements: [String]

  private init(_ reason: String, _ costs: Set<Cost>, _ statements: [String]) {
    (self.reason, self.costs, self.statements) = (reason, costs, statements)
  }

  static let all = [
    ReviewedPlan(
      "Reports, the audit and merging go through all rows of a run in list order.", [.run],
      [
        "FROM results WHERE run_id = ? AND outcome IS NOT NULL ORDER BY line",
        "FROM results WHERE run_id = ? ORDER BY line", "FROM findings WHERE run_id = ? ORDER BY line, rule",
        "AS e ON e.run_id = n.previous_run AND e.line = n.previous_line WHERE n.run_id = :run",
        "SELECT outcome, credential, webhook_host, auth_type, updated_at FROM results",
      ]),
    ReviewedPlan(
      "A count over a run or the first rows of a kind, once for a command: no index is kept for it.", [.run],
      [
        "SELECT count(*) FROM results WHERE run_id = ?", "SELECT count(*) FILTER (WHERE outcome = 'found')",
        "SELECT count(*), coalesce(sum(outcome IS NULL OR", "SELECT max(fetched_at) FROM results",
        "SELECT coalesce(sum(attempts - 1), 0) FROM results", "'gone') ORDER BY line LIMIT ?",
        "outcome = 'not_found' ORDER BY line LIMIT ?", "credential IS NULL ORDER BY line LIMIT",
        "outcome = 'invalid_id' ORDER BY line LIMIT", "SELECT line, project_id, error_message FROM results",
        "group_concat(rule, ';') FROM findings", "FROM (SELECT line FROM findings",
        "EXISTS (SELECT 1 FROM results WHERE run_id = :run AND outcome IN",
      ]),
    ReviewedPlan(
      "Rows of a run are grouped by what no index is kept for; sorting takes no memory to speak of.", [.run, .sorting],
      [
        "SELECT count(*) FROM (SELECT 1 FROM results WHERE run_id = ?", "SELECT change, count(*) FROM results",
        "SELECT rule, count(*) FROM findings", "AS refused FROM results", "AS gone FROM results",
        "SELECT count(DISTINCT project_id) FROM results", "GROUP BY credential ORDER BY min(line)",
        "GROUP BY credential ORDER BY line LIMIT", "AS isNameless, count(*)",
        "AND outcome = 'found' GROUP BY webhook_host", "SELECT used, sum(rows), count(*)",
        "SELECT outcome, count(*) AS rows FROM (SELECT own", "max(CASE WHEN run_id = :run THEN 1 << 50",
        "OVER (PARTITION BY project_id) AS answer",
      ]),
    ReviewedPlan(
      "Rows of a run are compared with groups of its rows, which are looked up in an index made for the statement.",
      [.run, .sorting, .automaticIndex],
      [
        "HAVING min(project_id) <> max(project_id) ) AS shared", "AS first WHERE results.run_id = :run",
        "UPDATE results SET request_line = shared.line", "AS worst ON worst.line = results.line",
      ]),
    ReviewedPlan(
      "The rows of highest rank of a run, of which only the findings are sorted.", [.run, .sorting], ["WITH worst AS"]),
    ReviewedPlan(
      "Each row of a run is compared with the answers of earlier runs, which are put together in temporary tables.",
      [.run, .sorting], ["temp.earlier_answers", "temp.open_projects", "UPDATE results AS n SET change"]),
    ReviewedPlan(
      "Changes any row of a run, once for a command.", [.run],
      [
        "UPDATE results SET outcome = NULL", "UPDATE results SET outcome = 'skipped'",
        "DELETE FROM findings WHERE run_id", "DELETE FROM results WHERE run_id",
      ]),
    ReviewedPlan(
      "Deleting runs decides on every row of theirs.", [.run, .sorting],
      [
        "temp.newest_answers", "temp.needed_rows", "temp.known_projects", "temp.needed_places",
        "UPDATE results SET input = '{}'",
      ]),
    ReviewedPlan(
      "Brings the rows of many shards into list order.", [.run, .sorting], ["temp.merged_rows"]),
    ReviewedPlan(
      "The next rows of a list, in the order of the key.", [.range],
      [
        "request_line = line) ORDER BY line LIMIT :limit", "WHERE run_id = ? AND line > ?",
      ]),
    ReviewedPlan(
      "Reads the entries of an index that hold what is asked for, and nothing else.", [.range],
      ["SELECT DISTINCT credential FROM results", "WHERE run_id = ? AND request_line IS NOT NULL)"]),
    ReviewedPlan(
      "Sorts the runs, or the columns of a list: they are few.", [.sorting],
      ["ORDER BY coalesce(finished_at, '9999') DESC", "SELECT value FROM json_each(?) ORDER BY key"]),
    ReviewedPlan("A question about all rows of the newest run.", [.run, .sorting], ["FROM latest"]),
    ReviewedPlan(
      "A question about all rows of some runs, run by run.", [.run, .sorting, .repeated, .automaticIndex],
      ["CROSS JOIN results AS s ON s.run_id = r.id"]),
    ReviewedPlan(
      "The one question about a project in all runs: an index for it would slow every list down.", [.history],
      ["WHERE s.project_id = CAST(:project AS TEXT)"]),
  ]
}
