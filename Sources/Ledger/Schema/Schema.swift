import GRDB
import InventoryModel
import TextFormats

/// The ledger's schema as a list of migration steps. `PRAGMA user_version` counts the applied steps. Steps are only
/// added.
package enum Schema {
  /// Marks a database as this program's (`PRAGMA application_id`): "JINV".
  static let applicationID = 0x4A49_4E56

  static var version: Int { steps.count }

  static func isOutdated(_ db: Database) throws -> Bool {
    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 < steps.count
  }

  /// Applies the missing steps, all of them in one transaction.
  ///
  /// A table that others refer to can be rebuilt only while foreign keys are not enforced. That setting can be changed
  /// only outside a transaction (<https://www.sqlite.org/lang_altertable.html#otheralter>).
  ///
  /// - Parameter last: the number of steps that the database has afterwards.
  static func migrate(_ db: Database, to last: Int = steps.count) throws {
    try db.execute(sql: "PRAGMA foreign_keys = OFF")
    defer { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
    try db.inTransaction(.immediate) {
      let taken = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      guard taken < last else { return .commit }
      for step in steps[taken..<last] { try db.execute(sql: step) }
      try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(last)")
      return .commit
    }
  }

  /// SQL that adds the missing columns and views of an older database to one connection. The database does not change.
  ///
  /// - Parameter columns: returns the columns of a table of that database.
  static func fillingIn(columns: (_ table: String) throws -> [String]) throws -> String {
    try DatabaseQueue().inDatabase { db in
      try migrate(db)
      let tables = try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
      let views = try String.fetchAll(db, sql: "SELECT sql FROM sqlite_schema WHERE type = 'view' ORDER BY rowid")
      var statements: [String] = []
      for table in tables {
        let known = try columns(table)
        let values = try Row.fetchAll(db, sql: "SELECT name, dflt_value FROM pragma_table_info(?)", arguments: [table])
          .map { (name: $0[0] as String, standard: $0[1] as String?) }
          .filter { column in !known.contains(where: column.name.isExactly) }
          .map { "\(valuesInOlderVersions["\(table).\($0.name)"] ?? $0.standard ?? "NULL") AS \($0.name)" }
        guard !values.isEmpty else { continue }
        statements.append(
          "CREATE TEMP VIEW \(table) AS SELECT \(table).*, \(values.joined(separator: ", ")) "
            + "FROM main.\(table) AS \(table)"
        )
      }
      return (statements + views.map { "CREATE TEMP " + $0.dropFirst("CREATE ".count) }).joined(separator: ";\n")
    }
  }

  /// The columns of every table and view, in order.
  ///
  /// - Throws: `DatabaseError`.
  package static func columns() throws -> [(table: String, name: String, type: String)] {
    try DatabaseQueue().inDatabase { db in
      try migrate(db)
      return try Row.fetchAll(
        db,
        sql: """
          SELECT t.name, c.name, c.type FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
          WHERE t.type IN ('table', 'view') ORDER BY t.name, c.cid
          """
      ).map { (table: $0[0], name: $0[1], type: $0[2]) }
    }
  }

  /// The values that columns added later have in rows of older versions, if they differ from the column's default.
  private static let valuesInOlderVersions = ["runs.previous_run": runBeforeInOlderVersions]

  /// For a row of `runs`: the run whose list older versions compared this run's list with.
  private static let runBeforeInOlderVersions = """
    (SELECT max(before.id) FROM main.runs AS before WHERE before.id < runs.id AND before.finished_at IS NOT NULL)
    """

  /// The migration steps.
  ///
  /// SQLite checks every row against the constraints. For `IN` with more than two values, SQLite 3.40 builds an index
  /// at each check, which takes longer than inserting the row. It does not do this for `OR`.
  private static let steps = [
    """
    CREATE TABLE runs (
      id            INTEGER PRIMARY KEY,
      state         TEXT NOT NULL CHECK (state IN ('running', 'finished', 'interrupted', 'stopped')),
      started_at    TEXT NOT NULL,
      finished_at   TEXT,
      list_path     TEXT NOT NULL,
      list_rows     INTEGER NOT NULL,
      input_columns TEXT NOT NULL,
      base_url      TEXT NOT NULL,
      rate          TEXT NOT NULL,
      concurrency   INTEGER NOT NULL,
      shard         TEXT NOT NULL,
      version       TEXT NOT NULL,
      requests      INTEGER NOT NULL DEFAULT 0,
      responses     INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    -- A row without an outcome is pending. request_line is the line whose request answers several rows of one project
    -- and credential; it is null for a row that is alone.
    CREATE TABLE results (
      run_id         INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      line           INTEGER NOT NULL,
      project_id     TEXT NOT NULL,
      input          TEXT NOT NULL,
      outcome        TEXT CHECK (
        outcome = 'found' OR outcome = 'not_found' OR outcome = 'unauthorized' OR outcome = 'invalid_response'
        OR outcome = 'failed' OR outcome = 'invalid_id' OR outcome = 'skipped'),
      http_status    INTEGER,
      integration_id TEXT,
      brain_id       TEXT,
      webhook_url    TEXT,
      webhook_host   TEXT,
      auth_type      TEXT,
      created_at     TEXT,
      updated_at     TEXT,
      extra          TEXT,
      change         TEXT,
      changed_fields TEXT,
      attempts       INTEGER NOT NULL DEFAULT 0,
      duration_ms    INTEGER,
      fetched_at     TEXT,
      credential     TEXT,
      error_code     TEXT,
      error_message  TEXT,
      request_line   INTEGER,
      PRIMARY KEY (run_id, line)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX results_request_line ON results (run_id, request_line) WHERE request_line IS NOT NULL;

    CREATE TABLE findings (
      run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      line       INTEGER NOT NULL,
      project_id TEXT NOT NULL,
      rule       TEXT NOT NULL,
      severity   TEXT NOT NULL CHECK (severity = 'low' OR severity = 'medium' OR severity = 'high'),
      detail     TEXT NOT NULL,
      PRIMARY KEY (run_id, line, rule, detail)
    ) STRICT, WITHOUT ROWID;

    CREATE VIEW latest AS
    SELECT r.run_id, r.line, r.project_id, r.input, r.outcome, r.http_status, r.integration_id, r.brain_id,
      r.webhook_url, r.webhook_host, r.auth_type, r.created_at, r.updated_at, r.extra,
      (SELECT group_concat(rule, ';') FROM (
        SELECT f.rule FROM findings AS f WHERE f.run_id = r.run_id AND f.line = r.line
        ORDER BY CASE f.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, f.rule)) AS findings,
      r.change, r.changed_fields, r.attempts, r.duration_ms, r.fetched_at, r.credential, r.error_code, r.error_message
    FROM results AS r
    WHERE r.run_id = (SELECT max(id) FROM runs WHERE state = 'finished');

    CREATE VIEW latest_findings AS
    SELECT * FROM findings WHERE run_id = (SELECT max(id) FROM runs WHERE state = 'finished');

    CREATE VIEW latest_changes AS
    SELECT * FROM latest WHERE change IS NOT NULL AND change <> 'unchanged';
    """,
    // Identifies the list that a run was started with; null in older runs.
    "ALTER TABLE runs ADD COLUMN list_digest TEXT",
    // Before this step, there were no findings. SQLite 3.40 reports a table without rowids as damaged
    // (`PRAGMA integrity_check`) if its key does not consist of its first columns.
    """
    DROP TABLE findings;

    CREATE TABLE findings (
      run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      line       INTEGER NOT NULL,
      project_id TEXT NOT NULL,
      rule       TEXT NOT NULL,
      severity   TEXT NOT NULL CHECK (severity = 'low' OR severity = 'medium' OR severity = 'high'),
      detail     TEXT NOT NULL,
      PRIMARY KEY (run_id, line, rule, detail)
    ) STRICT;
    """,
    // outcomes: the outcomes of an ended run, a JSON object, so that its history needs no counting; null in older runs.
    // last_good_webhook_url, last_good_at: the gateway's last answer for a row without an answer, which outlives the
    // run that received it.
    """
    ALTER TABLE runs ADD COLUMN outcomes TEXT;
    ALTER TABLE results ADD COLUMN last_good_webhook_url TEXT;
    ALTER TABLE results ADD COLUMN last_good_at TEXT;
    """,
    // The run and line of the earlier answer that a row was compared with; null if there is none, and in older runs.
    """
    ALTER TABLE results ADD COLUMN previous_run INTEGER;
    ALTER TABLE results ADD COLUMN previous_line INTEGER;

    DROP VIEW latest_changes;

    CREATE VIEW latest_changes AS
    WITH
      latest_run AS (SELECT max(id) AS id FROM runs WHERE state = 'finished'),
      run_before AS (
        SELECT max(id) AS id FROM runs
        WHERE id < (SELECT id FROM latest_run) AND finished_at IS NOT NULL)
    SELECT l.*, r.last_good_webhook_url, r.last_good_at
    FROM latest AS l JOIN results AS r ON r.run_id = l.run_id AND r.line = l.line
    WHERE l.change IS NOT NULL AND l.change <> 'unchanged'
    UNION ALL
    SELECT (SELECT id FROM latest_run), NULL, b.project_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
      NULL, NULL, 'unlisted', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
      CASE WHEN b.outcome IN ('found', 'not_found') THEN b.webhook_url ELSE b.last_good_webhook_url END,
      CASE WHEN b.outcome IN ('found', 'not_found') THEN b.fetched_at ELSE b.last_good_at END
    FROM (
      SELECT project_id, max(CASE WHEN run_id = (SELECT id FROM latest_run) THEN 1 << 50
        WHEN outcome IN ('found', 'not_found') THEN (1 << 40) - line ELSE -line END) AS best
      FROM results
      WHERE run_id IN ((SELECT id FROM latest_run), (SELECT id FROM run_before)) AND outcome <> 'invalid_id'
      GROUP BY project_id) AS u
    JOIN results AS b ON b.run_id = (SELECT id FROM run_before)
      AND b.line = CASE WHEN u.best > 0 THEN (1 << 40) - u.best ELSE -u.best END
    WHERE u.best < 1 << 50;
    """,
    // When a run was deleted; null in any other run. Only those of its rows are left that other runs still need.
    "ALTER TABLE runs ADD COLUMN pruned_at TEXT",
    // whole_list_rows: the rows of the whole list, of which a shard imports only its own; null in older runs.
    // merged_from: the shards' runs that a run was merged from, ordered by shard number, a JSON array of objects; null
    // in other runs.
    """
    ALTER TABLE runs ADD COLUMN whole_list_rows INTEGER;
    ALTER TABLE runs ADD COLUMN merged_from TEXT;
    """,
    // Adds the state `held`. The table is rebuilt, because SQLite can't change a CHECK. held: the reason, a JSON
    // object. accepted_gone: the projects without an integration that were accepted in the run. was_finished: 1 in a
    // run that was finished and has been reopened since. previous_run: the run whose list this run's list is compared
    // with.
    """
    DROP VIEW latest_changes;
    DROP VIEW latest_findings;
    DROP VIEW latest;

    CREATE TABLE new_runs (
      id              INTEGER PRIMARY KEY,
      state           TEXT NOT NULL CHECK (
        state IN ('running', 'finished', 'interrupted', 'stopped', 'held')),
      started_at      TEXT NOT NULL,
      finished_at     TEXT,
      list_path       TEXT NOT NULL,
      list_rows       INTEGER NOT NULL,
      input_columns   TEXT NOT NULL,
      base_url        TEXT NOT NULL,
      rate            TEXT NOT NULL,
      concurrency     INTEGER NOT NULL,
      shard           TEXT NOT NULL,
      version         TEXT NOT NULL,
      requests        INTEGER NOT NULL DEFAULT 0,
      responses       INTEGER NOT NULL DEFAULT 0,
      list_digest     TEXT,
      outcomes        TEXT,
      pruned_at       TEXT,
      whole_list_rows INTEGER,
      merged_from     TEXT,
      held            TEXT,
      accepted_gone   INTEGER,
      was_finished    INTEGER NOT NULL DEFAULT 0,
      previous_run    INTEGER
    ) STRICT;

    INSERT INTO new_runs
    SELECT id, state, started_at, finished_at, list_path, list_rows, input_columns, base_url, rate, concurrency, shard,
      version, requests, responses, list_digest, outcomes, pruned_at, whole_list_rows, merged_from, NULL, NULL, 0,
      (SELECT max(before.id) FROM runs AS before WHERE before.id < runs.id AND before.finished_at IS NOT NULL)
    FROM runs;

    DROP TABLE runs;
    ALTER TABLE new_runs RENAME TO runs;

    CREATE VIEW latest AS
    SELECT r.run_id, r.line, r.project_id, r.input, r.outcome, r.http_status, r.integration_id, r.brain_id,
      r.webhook_url, r.webhook_host, r.auth_type, r.created_at, r.updated_at, r.extra,
      (SELECT group_concat(rule, ';') FROM (
        SELECT f.rule FROM findings AS f WHERE f.run_id = r.run_id AND f.line = r.line
        ORDER BY CASE f.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, f.rule)) AS findings,
      r.change, r.changed_fields, r.attempts, r.duration_ms, r.fetched_at, r.credential, r.error_code, r.error_message
    FROM results AS r
    WHERE r.run_id = (SELECT max(id) FROM runs WHERE state = 'finished' AND pruned_at IS NULL);

    CREATE VIEW latest_findings AS
    SELECT * FROM findings WHERE run_id = (SELECT max(id) FROM runs WHERE state = 'finished' AND pruned_at IS NULL);

    CREATE VIEW latest_changes AS
    WITH
      latest_run AS (SELECT max(id) AS id FROM runs WHERE state = 'finished' AND pruned_at IS NULL),
      run_before AS (SELECT previous_run AS id FROM runs WHERE id = (SELECT id FROM latest_run))
    SELECT l.*, r.last_good_webhook_url, r.last_good_at
    FROM latest AS l JOIN results AS r ON r.run_id = l.run_id AND r.line = l.line
    WHERE l.change IS NOT NULL AND l.change <> 'unchanged'
    UNION ALL
    SELECT (SELECT id FROM latest_run), NULL, b.project_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
      NULL, NULL, 'unlisted', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
      CASE WHEN b.outcome IN ('found', 'not_found') THEN b.webhook_url ELSE b.last_good_webhook_url END,
      CASE WHEN b.outcome IN ('found', 'not_found') THEN b.fetched_at ELSE b.last_good_at END
    FROM (
      SELECT project_id, max(CASE WHEN run_id = (SELECT id FROM latest_run) THEN 1 << 50
        WHEN outcome IN ('found', 'not_found') THEN (1 << 40) - line ELSE -line END) AS best
      FROM results
      WHERE run_id IN ((SELECT id FROM latest_run), (SELECT id FROM run_before)) AND outcome <> 'invalid_id'
      GROUP BY project_id) AS u
    JOIN results AS b ON b.run_id = (SELECT id FROM run_before)
      AND b.line = CASE WHEN u.best > 0 THEN (1 << 40) - u.best ELSE -u.best END
    WHERE u.best < 1 << 50;
    """,
    // The earliest useful time to resume a run that stopped because the gateway asked to wait; null in any other run.
    "ALTER TABLE runs ADD COLUMN resume_after TEXT",
  ]
}
