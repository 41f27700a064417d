import GRDB
package import InventoryModel

extension LedgerDatabase {
  /// Why rows of a run have no answer, grouped by outcome and error code, most rows first.
  ///
  /// - Parameters:
  ///   - limit: maximum number of causes to describe; the sample counts all of them.
  ///   - examples: maximum number of rows, and of credential names, for each cause.
  package func unansweredCauses(
    ofRun run: Int64, limit: Int, examples: Int
  ) throws(LedgerError) -> Sample<UnansweredCause> {
    try writing {
      try pool.read { db in
        // Rows without a credential and rows with an unknown credential are separate causes.
        let groups = try Row.fetchAll(
          db,
          sql: """
            SELECT outcome, error_code, credential IS NULL AND error_code = :unknown AS isNameless, count(*),
              count(DISTINCT credential)
            FROM results WHERE run_id = :run AND outcome NOT IN ('found', 'not_found')
            GROUP BY 1, 2, 3 ORDER BY 4 DESC, min(line)
            """, arguments: ["run": run, "unknown": ErrorCode.credentialUnknown.rawValue])
        var causes = Sample<UnansweredCause>(count: groups.count)
        for group in groups.prefix(limit) {
          guard let outcome = Outcome(rawValue: group[0]) else { continue }
          let code: String? = group[1]
          let isNameless: Bool = group[2] ?? false
          let credential =
            isNameless
            ? "AND credential IS NULL"
            : code == ErrorCode.credentialUnknown.rawValue ? "AND credential IS NOT NULL" : ""
          let those = """
            FROM results WHERE run_id = :run AND outcome = :outcome AND error_code IS :code
              \(credential)
            """
          let arguments: StatementArguments = ["run": run, "outcome": outcome.rawValue, "code": code]
          let first = try Row.fetchAll(
            db, sql: "SELECT line, project_id, error_message \(those) ORDER BY line LIMIT \(examples)",
            arguments: arguments)
          let names = try String.fetchAll(
            db,
            sql: """
              SELECT credential \(those) AND credential IS NOT NULL
              GROUP BY credential ORDER BY min(line) LIMIT \(examples)
              """, arguments: arguments)
          causes.first.append(
            UnansweredCause(
              outcome: outcome, code: code.map(ErrorCode.init(rawValue:)), rows: group[3],
              firstRows: first.map { .init(line: $0[0], projectID: $0[1]) },
              firstMessage: first.first?[2] ?? "", credentials: Sample(count: group[4], first: names)))
        }
        return causes
      }
    }
  }
}
