/// The tables and views that questions are asked of, column by column.
package enum SchemaGuide {
  /// In order; each table's own line comes before its columns.
  package static let columns: [SchemaColumn] =
    explain("runs", "table", "One row for each run, the newest with the greatest id.", runs)
    + explain("results", "table", "One row for each row of each run's list.", results)
    + explain("findings", "table", "What the audit has found: any number of rows for one of results.", findings)
    + explain(
      "latest", "view", "The newest finished run's rows, with their findings.",
      named(
        """
        run_id line project_id input outcome http_status integration_id brain_id webhook_url webhook_host auth_type \
        created_at updated_at extra findings change changed_fields attempts duration_ms fetched_at credential error_code \
        error_message
        """))
    + explain("latest_findings", "view", "The newest finished run's findings.", findings)
    + explain(
      "latest_changes", "view",
      "The newest finished run's rows with a change, unchanged ones aside, then the projects no longer listed.",
      named(
        """
        run_id line project_id input outcome http_status integration_id brain_id webhook_url webhook_host auth_type \
        created_at updated_at extra findings change changed_fields attempts duration_ms fetched_at credential error_code \
        error_message last_good_webhook_url last_good_at
        """))

  private typealias Column = (name: String, type: String, meaning: String)

  private static let runs: [Column] = [
    ("id", "INTEGER", "The run's number, from 1."),
    (
      "state", "TEXT",
      "running, finished (its reports are in place), interrupted, stopped, or held (not part of the history until it is accepted)."
    ),
    ("started_at", "TEXT", "When it began: RFC 3339, UTC, milliseconds, as all times here."),
    ("finished_at", "TEXT", "When it ended; NULL before."),
    ("list_path", "TEXT", "The list's path as it was given; - for standard input."),
    ("list_rows", "INTEGER", "Rows of the list; of a shard, its own."),
    ("input_columns", "TEXT", "The list's own columns in order, a JSON array of their names."),
    ("base_url", "TEXT", "The gateway that was asked."),
    ("rate", "TEXT", "Requests started in a time at most, e.g. 10/s."),
    ("concurrency", "INTEGER", "Requests in flight at most."),
    ("shard", "TEXT", "The part of the list that was taken, as I/N; 1/1 for all of it."),
    ("version", "TEXT", "The program's version that began it."),
    ("requests", "INTEGER", "Requests made, retries included."),
    ("responses", "INTEGER", "HTTP answers to them, of whatever status."),
    ("list_digest", "TEXT", "Tells for --resume whether a list is the same; NULL in runs before 0.2.0."),
    ("outcomes", "TEXT", "The counts of the outcomes that occurred, a JSON object, once it has ended; else NULL."),
    ("pruned_at", "TEXT", "When it was deleted (runs --delete); NULL while it is there. Few of its results are left."),
    ("whole_list_rows", "INTEGER", "Rows of the whole list, of which a shard has its own; NULL in older runs."),
    (
      "merged_from", "TEXT",
      "The shards' runs that merge made it of, a JSON array of objects; NULL for a run that was not merged."
    ),
    ("held", "TEXT", "Why the run is held, a JSON object: held ->> '$.reason' is a sentence; NULL in any other state."),
    ("accepted_gone", "INTEGER", "Projects without an integration that runs --accept has accepted; NULL for none."),
    ("was_finished", "INTEGER", "1 in a run that was finished and has been asked again since; else 0."),
    ("previous_run", "INTEGER", "The finished run before, whose list its list was compared with; NULL for none."),
    (
      "resume_after", "TEXT",
      "From when on it makes sense to resume a run that stopped because the gateway asks to wait; else NULL."
    ),
  ]

  private static let results: [Column] = [
    ("run_id", "INTEGER", "The run: runs.id."),
    ("line", "INTEGER", "The list's line on which the row begins, from 1. With run_id the key."),
    ("project_id", "TEXT", "The project's ID, always text: 007 stays 007."),
    ("input", "TEXT", "The list's other columns, a JSON object of texts and nulls: input ->> '$.owner'."),
    (
      "outcome", "TEXT",
      "found, not_found, unauthorized, invalid_response, failed, invalid_id or skipped; NULL before it is settled."
    ),
    ("http_status", "INTEGER", "Status of the last answer; NULL where none came."),
    ("integration_id", "TEXT", "The integration's ID; this and what follows to extra only for found."),
    ("brain_id", "TEXT", "The project as the answer names it."),
    ("webhook_url", "TEXT", "Where events are sent; secrets in it are ***."),
    ("webhook_host", "TEXT", "Its host, in lower case and without the port."),
    ("auth_type", "TEXT", "How the gateway authenticates to the webhook, e.g. no_auth or bearer."),
    ("created_at", "TEXT", "When the integration was made; a time that can't be read stays as received."),
    ("updated_at", "TEXT", "When it was changed last."),
    ("extra", "TEXT", "Fields of the answer that this program does not know, a JSON object."),
    ("change", "TEXT", "Against the newest earlier answer: new, added, unchanged, changed, gone or unknown."),
    ("changed_fields", "TEXT", "For changed: the fields that differ, joined by ;."),
    ("attempts", "INTEGER", "Requests made for the project; 0 for none."),
    ("duration_ms", "INTEGER", "Time of the last attempt, in milliseconds."),
    ("fetched_at", "TEXT", "When its answer was there."),
    ("credential", "TEXT", "Name of the credential that it was asked with; default for the one key."),
    ("error_code", "TEXT", "Why there is no answer, in a word; NULL for found and not_found."),
    ("error_message", "TEXT", "The same in a sentence, the gateway's own where it sent one."),
    (
      "request_line", "INTEGER",
      "The line whose request answers several rows of a project; the others get its answer when all requests are done. NULL for a row alone."
    ),
    ("last_good_webhook_url", "TEXT", "For unknown: the webhook that was known last."),
    ("last_good_at", "TEXT", "For unknown: when the gateway last answered for the project."),
    ("previous_run", "INTEGER", "The run of the earlier answer that the row was compared with; NULL for none."),
    ("previous_line", "INTEGER", "The line of that answer in that run."),
  ]

  private static let findings: [Column] = [
    ("run_id", "INTEGER", "The run: runs.id."),
    ("line", "INTEGER", "The row's line in the list."),
    ("project_id", "TEXT", "The project's ID."),
    ("rule", "TEXT", "The rule's name, e.g. webhook-not-https."),
    ("severity", "TEXT", "high, medium or low."),
    ("detail", "TEXT", "What was found, in a sentence and without secrets."),
  ]

  /// Of ``latest``: columns of `results`, and what it adds.
  private static func named(_ names: String) -> [Column] {
    let known = results + [("findings", "TEXT", "Names of the rules that apply, the worst first, joined by ;.")]
    return names.split(separator: " ").compactMap { name in known.first { $0.name == name } }
  }

  private static func explain(_ table: String, _ kind: String, _ meaning: String, _ columns: [Column]) -> [SchemaColumn]
  {
    [SchemaColumn(table: table, name: nil, type: kind, meaning: meaning)]
      + columns.map { SchemaColumn(table: table, name: $0.name, type: $0.type, meaning: $0.meaning) }
  }
}
