import InventoryModel
import Ledger

/// Describes the tables and views of the database, column by column.
package enum SchemaGuide {
  /// A description of each table and view, followed by those of its columns in their order.
  ///
  /// - Throws: `DatabaseError`.
  package static func columns() throws -> [SchemaColumn] {
    let columns = try Schema.columns()
    return tables.flatMap { table in
      [SchemaColumn(table: table.name, name: nil, type: table.type, meaning: table.meaning)]
        + columns.filter { $0.table == table.name }.map { column in
          SchemaColumn(
            // A view's expressions have no type.
            table: table.name, name: column.name, type: column.type.isEmpty ? "TEXT" : column.type,
            meaning: table.columns.first { $0.name == column.name }?.meaning ?? "")
        }
    }
  }

  private typealias Column = (name: String, meaning: String)

  private static let tables: [(name: String, type: String, meaning: String, columns: [Column])] = [
    ("runs", "table", "One row for each run. The newest run has the highest id.", runs),
    ("results", "table", "One row for each row of each run's list.", results),
    ("findings", "table", "The findings of the audit. A row of results can have several.", findings),
    ("latest", "view", "The rows of the newest finished run, with their findings.", results),
    ("latest_findings", "view", "The findings of the newest finished run.", findings),
    (
      "latest_changes", "view",
      "The rows of the newest finished run whose change is not unchanged, then the projects that are no longer listed.",
      results
    ),
  ]

  private static let runs: [Column] = [
    ("id", "The run's number, counted from 1."),
    (
      "state",
      "running, finished (its reports are complete), interrupted, stopped, or held (not part of the history until it "
        + "is accepted)."
    ),
    ("started_at", "When the run started. All times are RFC 3339 in UTC, with milliseconds."),
    ("finished_at", "When the run ended. NULL before that."),
    ("list_path", "The list's path as given, or - for standard input."),
    ("list_rows", "Number of rows of the list. For a shard, only the shard's own rows count."),
    ("input_columns", "Names of the list's other columns in order, as a JSON array."),
    ("base_url", "The base URL of the gateway."),
    ("rate", "The rate limit, such as 10/s."),
    ("concurrency", "Maximum number of requests in flight."),
    ("shard", "The shard as I/N. 1/1 is the whole list."),
    ("version", "Version of the program that started the run."),
    ("requests", "Number of requests sent, including retries."),
    ("responses", "Number of HTTP responses received, whatever their status."),
    ("list_digest", "Digest of the list, by which --resume recognizes it. NULL in runs of versions before 0.2.0."),
    ("outcomes", "Number of rows with each outcome, as a JSON object. NULL until the run ends."),
    ("pruned_at", "When the run was deleted. NULL if it was not. Few rows of a deleted run are left in results."),
    ("whole_list_rows", "Number of rows of the whole list, for a shard too. NULL in runs of older versions."),
    ("merged_from", "The runs of the shards that were merged into this run, as a JSON array. NULL for any other run."),
    (
      "held",
      "Why the run is held, as a JSON object. To read the reason: held ->> '$.reason'. NULL in any other state."
    ),
    ("accepted_gone", "Number of lost integrations that runs --accept has accepted. NULL if there are none."),
    ("was_finished", "1 if the run was finished and has been reopened since, otherwise 0."),
    ("previous_run", "The finished run with whose list this run's list was compared. NULL if there is none."),
    (
      "resume_after",
      "Earliest time at which resuming makes sense, if the run stopped because the gateway requires a wait. NULL "
        + "otherwise."
    ),
  ]

  /// The fields of the record, and the ledger's additional columns.
  private static let results: [Column] =
    RecordField.all.map { ($0.column, $0.meaning) } + [
      ("run_id", "The run, as in runs.id."),
      (
        "request_line",
        "The line whose request serves several rows of the same project and credential. The other rows receive its "
          + "answer once all requests are done. NULL if no other row shares the request."
      ),
      ("previous_run", "The run of the earlier answer with which the row was compared. NULL if there is none."),
      ("previous_line", "The line of that answer in that run."),
    ]

  private static let findings: [Column] = [
    ("run_id", "The run, as in runs.id."),
    ("line", "The line of the row."),
    ("project_id", "The project's ID."),
    ("rule", "The rule's name, such as webhook-not-https."),
    ("severity", "high, medium or low."),
    ("detail", "What was found, as a sentence without secrets."),
  ]
}

/// The meaning of a column, or of a table or view as a whole.
package struct SchemaColumn: Hashable, Sendable {
  package var table: String
  /// nil for the table itself.
  package var name: String?
  /// SQLite's name for the column's type; `table` or `view` for a table or view.
  package var type: String
  package var meaning: String
}
