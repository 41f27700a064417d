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
    ("runs", "table", "One row for each run, the newest with the greatest id.", runs),
    ("results", "table", "One row for each row of each run's list.", results),
    ("findings", "table", "What the audit has found: any number of rows for one of results.", findings),
    ("latest", "view", "The newest finished run's rows, with their findings.", results),
    ("latest_findings", "view", "The newest finished run's findings.", findings),
    (
      "latest_changes", "view",
      "The newest finished run's rows with a change, unchanged ones aside, then the projects no longer listed.", results
    ),
  ]

  private static let runs: [Column] = [
    ("id", "The run's number, from 1."),
    (
      "state",
      "running, finished (its reports are in place), interrupted, stopped, or held (not part of the history until "
        + "it is accepted)."
    ),
    ("started_at", "When it began: RFC 3339, UTC, milliseconds, as all times here."),
    ("finished_at", "When it ended; NULL before."),
    ("list_path", "The list's path as it was given; - for standard input."),
    ("list_rows", "Rows of the list; of a shard, its own."),
    ("input_columns", "The list's own columns in order, a JSON array of their names."),
    ("base_url", "The gateway that was asked."),
    ("rate", "Requests started in a time at most, e.g. 10/s."),
    ("concurrency", "Requests in flight at most."),
    ("shard", "The part of the list that was taken, as I/N; 1/1 for all of it."),
    ("version", "The program's version that began it."),
    ("requests", "Requests made, retries included."),
    ("responses", "HTTP answers to them, of whatever status."),
    ("list_digest", "Tells for --resume whether a list is the same; NULL in runs before 0.2.0."),
    ("outcomes", "The counts of the outcomes that occurred, a JSON object, once it has ended; else NULL."),
    ("pruned_at", "When it was deleted (runs --delete); NULL while it is there. Few of its results are left."),
    ("whole_list_rows", "Rows of the whole list, of which a shard has its own; NULL in older runs."),
    (
      "merged_from",
      "The shards' runs that merge made it of, a JSON array of objects; NULL for a run that was not merged."
    ),
    ("held", "Why the run is held, a JSON object: held ->> '$.reason' is a sentence; NULL in any other state."),
    ("accepted_gone", "Projects without an integration that runs --accept has accepted; NULL for none."),
    ("was_finished", "1 in a run that was finished and has been asked again since; else 0."),
    ("previous_run", "The finished run before, whose list its list was compared with; NULL for none."),
    (
      "resume_after",
      "From when on it makes sense to resume a run that stopped because the gateway asks to wait; else NULL."
    ),
  ]

  /// The fields of the record, and the ledger's additional columns.
  private static let results: [Column] =
    RecordField.all.map { ($0.column, $0.meaning) } + [
      ("run_id", "The run: runs.id."),
      (
        "request_line",
        "The line whose request answers several rows of a project; the others get its answer when all requests are "
          + "done. NULL for a row alone."
      ),
      ("previous_run", "The run of the earlier answer that the row was compared with; NULL for none."),
      ("previous_line", "The line of that answer in that run."),
    ]

  private static let findings: [Column] = [
    ("run_id", "The run: runs.id."),
    ("line", "The row's line in the list."),
    ("project_id", "The project's ID."),
    ("rule", "The rule's name, e.g. webhook-not-https."),
    ("severity", "high, medium or low."),
    ("detail", "What was found, in a sentence and without secrets."),
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
