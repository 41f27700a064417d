import GRDB
package import InventoryModel
import TextFormats

/// The result of a merge.
package struct MergedRun: Sendable {
  package enum Way: Sendable {
    /// The merge created a new run.
    case new
    /// The same shards were merged before and have not changed. The run stays as it is.
    case unchanged
    /// The same shards were merged before and have been reopened since. The run is rebuilt.
    case renewed
  }

  package var id: Int64
  package var way: Way
}

/// The same shards were merged before, as a run that can't be rebuilt.
package struct MergedBefore: Error, Hashable, CustomStringConvertible {
  package enum Obstacle: Hashable, Sendable {
    case laterRuns, askedAgain
  }

  package var run: Int64
  package var obstacle: Obstacle

  package var description: String {
    "these shards were already merged as run \(run) and were retried since, but that run can't be replaced: "
      + (obstacle == .laterRuns ? "later runs were compared with it" : "it was retried, too")
  }
}

extension LedgerDatabase {
  /// Counts a run's rows, and those rows that have no outcome or are left open.
  func settling(ofRun run: Int64) throws(LedgerError) -> (rows: Int, open: Int) {
    try writing {
      try pool.read { db in
        let open = "outcome IS NULL OR (\(ReopenedRows.open.condition))"
        let row = try Row.fetchOne(
          db, sql: "SELECT count(*), coalesce(sum(\(open)), 0) FROM \(Self.rows()) WHERE run_id = ?", arguments: [run])
        return (row?[0] ?? 0, row?[1] ?? 0)
      }
    }
  }

  /// Creates a run from the shards' runs in one transaction: either the whole run is stored or nothing changes.
  ///
  /// The same shards always produce the same run, however often they are merged. An existing run stays as it is, or is
  /// rebuilt if the shards have been reopened since.
  ///
  /// - Parameters:
  ///   - record: the run to create; its `id` is ignored.
  ///   - sources: the shards, each once, ordered by shard number.
  ///   - belongs: whether an ID, given as UTF-8, belongs to a shard.
  ///   - confirm: called when all rows are inserted, before the commit. If it throws, the error is rethrown and nothing
  ///     is stored.
  /// - Throws: ``ShardsUnfit``, ``MergedBefore`` and ``LedgerError``.
  package func merge(
    _ record: RunRecord, from sources: [ShardSource], belongs: @escaping (Shard, UnsafeRawBufferPointer) -> Bool,
    confirm: () throws -> Void
  ) throws -> MergedRun {
    do {
      return try pool.writeWithoutTransaction { db in
        var merged: MergedRun?
        try db.inTransaction(.immediate) {
          let made = Self.origin(of: sources)
          let run = try Self.place(for: record, madeOf: made, in: db)
          merged = run
          guard run.way != .unchanged else { return .commit }
          try ShardMerge(db: db, run: run.id, sources: sources, belongs: belongs, lockWait: lockWait).copyRows()
          try Self.update(run.id, record, madeOf: made, in: db)
          try confirm()
          return .commit
        }
        guard let merged else { throw LedgerError.damaged(path: path) }
        return merged
      }
    } catch let error as DatabaseError {
      throw LedgerError(error, path: path, opening: false)
    }
  }

  /// The number of a merged run's requests that were retries.
  package func retries(ofRun run: Int64) throws(LedgerError) -> Int {
    try writing {
      try pool.read { db in
        try Int.fetchOne(
          db,
          sql: """
            SELECT coalesce(sum(attempts - 1), 0) FROM results
            WHERE run_id = ? AND attempts > 0 AND (request_line IS NULL OR request_line = line)
            """, arguments: [run]) ?? 0
      }
    }
  }

  /// A JSON array that identifies a merge, in the order of the shards.
  private static func origin(of sources: [ShardSource]) -> String {
    var json = JSONText()
    json.array { json in
      for source in sources {
        json.object { json in
          json.member("shard", source.shard.description)
          json.member("started_at", source.record.startedAt.description)
          json.member("finished_at", source.record.finishedAt?.description)
          json.member("requests", source.record.requests)
        }
      }
    }
    return json.string
  }

  /// The run that the rows are inserted into. It has no rows, unless nothing needs to change.
  private static func place(for record: RunRecord, madeOf made: String, in db: Database) throws -> MergedRun {
    func begun(_ origin: String) -> String {
      "(SELECT json_group_array(value ->> '$.started_at') FROM json_each(\(origin)))"
    }
    let earlier = try Row.fetchOne(
      db,
      sql: """
        SELECT id, merged_from = :made,
          requests IS NOT (SELECT sum(value ->> '$.requests') FROM json_each(merged_from)),
          id < (SELECT max(id) FROM runs)
        FROM runs
        WHERE merged_from IS NOT NULL AND pruned_at IS NULL AND list_digest IS :digest
          AND \(begun("merged_from")) = \(begun(":made"))
        ORDER BY id DESC LIMIT 1
        """, arguments: ["made": made, "digest": record.listDigest])
    guard let earlier else {
      var record = record
      try insert(&record, in: db)
      return MergedRun(id: record.id, way: .new)
    }
    let id: Int64 = earlier[0]
    if earlier[1] { return MergedRun(id: id, way: .unchanged) }
    if earlier[2] { throw MergedBefore(run: id, obstacle: .askedAgain) }
    if earlier[3] { throw MergedBefore(run: id, obstacle: .laterRuns) }
    try db.execute(
      sql: "DELETE FROM findings WHERE run_id = :run; DELETE FROM results WHERE run_id = :run", arguments: ["run": id])
    return MergedRun(id: id, way: .renewed)
  }

  private static func update(_ run: Int64, _ record: RunRecord, madeOf made: String, in db: Database) throws {
    try db.execute(
      sql: """
        UPDATE runs SET state = 'running', started_at = :started, finished_at = :finished, list_path = :path,
          list_rows = :rows, whole_list_rows = :rows, list_digest = :digest, requests = :requests,
          responses = :responses, outcomes = NULL, merged_from = :made
        WHERE id = :run
        """,
      arguments: [
        "run": run, "started": record.startedAt.description, "finished": record.finishedAt?.description,
        "path": record.listPath, "rows": record.listRows, "digest": record.listDigest, "requests": record.requests,
        "responses": record.responses, "made": made,
      ])
  }
}
