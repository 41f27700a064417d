import GRDB
import InventoryModel
import Ledger

/// What the changes of a run have to be, found out of the stored answers one by one, without the ledger's own SQL.
struct HistoryModel {
  struct Run {
    var id: Int64
    var startedAt: String
    var finishedAt: String
    var state: String
    var belongs: Bool
    var rows: [Row]

    /// Of each project the first row with an answer.
    var answers: [String: Row] {
      var answers: [String: Row] = [:]
      for row in rows where row.isAnswer && answers[row.project] == nil { answers[row.project] = row }
      return answers
    }
  }

  struct Row {
    var line: Int
    var project: String
    var outcome: String
    var webhook: String?
    var answeredAt: String?
    var run: Int64

    var isAnswer: Bool { ["found", "not_found"].contains(outcome) }
  }

  /// What a row says, and since when the value that it says has been known.
  struct Told: Hashable {
    var change: String?
    var lastGoodAt: String?
    var previousRun: Int64?
  }

  private let runs: [Run]

  init(_ temporary: TemporaryLedger) throws {
    let rows = try temporary.rows(
      """
      SELECT run_id, line, project_id, outcome, webhook_url, fetched_at FROM results
      WHERE outcome IS NOT NULL ORDER BY 1, 2
      """
    ).map { row in
      Row(
        line: row["line"], project: row["project_id"], outcome: row["outcome"], webhook: row["webhook_url"],
        answeredAt: row["fetched_at"], run: row["run_id"])
    }
    runs = try temporary.rows("SELECT * FROM runs").map { row in
      let id: Int64 = row["id"]
      return Run(
        id: id, startedAt: row["started_at"], finishedAt: row["finished_at"] ?? "9999", state: row["state"],
        belongs: row["state"] == "finished" || row["was_finished"] == 1, rows: rows.filter { $0.run == id })
    }
  }

  private func run(_ id: Int64) -> Run? { runs.first { $0.id == id } }

  /// The run whose list is compared with this one's.
  func previous(of id: Int64) -> Int64? {
    guard let own = run(id), own.state != "held" else { return nil }
    return runs.filter { $0.id != id && $0.belongs && ($0.finishedAt, $0.id) < (own.finishedAt, own.id) }
      .max { ($0.finishedAt, $0.id) < ($1.finishedAt, $1.id) }?.id
  }

  /// By line.
  func told(of id: Int64) -> [Int: Told] {
    guard let own = run(id) else { return [:] }
    let all = compared(own)
    let isFirst = previous(of: id) == nil && !all.values.contains { $0 != nil }
    return Dictionary(
      uniqueKeysWithValues: own.rows.map { row in
        guard own.state != "held", !isFirst, row.outcome != "invalid_id" else { return (row.line, Told()) }
        let earlier = all[row.line].flatMap(\.self)
        let change =
          switch (earlier, row) {
          case (_, let row) where !row.isAnswer: "unknown"
          case (nil, _): "new"
          case (let earlier?, let row) where earlier.outcome != row.outcome: row.outcome == "found" ? "added" : "gone"
          case (let earlier?, let row): earlier.webhook == row.webhook ? "unchanged" : "changed"
          }
        return (
          row.line,
          Told(
            change: change, lastGoodAt: change == "unknown" ? earlier?.answeredAt : nil, previousRun: earlier?.run)
        )
      })
  }

  /// Projects that had an integration, and those of them that have none now.
  func gone(in id: Int64) -> (had: Set<String>, gone: Set<String>) {
    guard let own = run(id) else { return ([], []) }
    let compared = compared(own)
    let had = Set(own.rows.filter { compared[$0.line].flatMap(\.self)?.outcome == "found" }.map(\.project))
    let found = Set(own.rows.filter { $0.outcome == "found" }.map(\.project))
    let missing = Set(own.rows.filter { $0.outcome == "not_found" }.map(\.project)).subtracting(found)
    return (had, had.intersection(missing))
  }

  /// By line, the newest answer before the row's own time.
  private func compared(_ own: Run) -> [Int: Row?] {
    let answers = runs.filter { $0.id != own.id && $0.belongs }.map(\.answers)
    var compared: [Int: Row?] = [:]
    for row in own.rows where row.outcome != "invalid_id" {
      let time = row.answeredAt ?? own.finishedAt
      compared[row.line] = .some(
        answers.compactMap { $0[row.project] }
          .filter { ($0.answeredAt ?? "", $0.run) < (time, own.id) }
          .max { ($0.answeredAt ?? "", $0.run) < ($1.answeredAt ?? "", $1.run) })
    }
    return compared
  }
}
