package import InventoryModel

/// A shard's database, and the state of its newest run.
package struct ShardSource: Sendable {
  package var path: String
  package var shard: Shard
  package var record: RunRecord
  /// The number of rows in the run.
  package var rows: Int
  /// The number of rows without an outcome, or left open for a resumed run.
  package var openRows: Int

  /// Whether the run has ended and every row is settled, regardless of the outcome.
  package var isSettled: Bool { record.finishedAt != nil && openRows == 0 }

  /// Reads a database that no other process is using, without changing it.
  ///
  /// - Parameter lockWait: how to wait while another connection holds the database.
  /// - Returns: nil if the database contains no run.
  /// - Throws: ``LedgerError``.
  package init?(path: String, lockWait: LockWait = LockWait()) throws(LedgerError) {
    guard let ledger = try LedgerDatabase.reading(path, sharing: false, lockWait: lockWait) else { return nil }
    defer { try? ledger.close() }
    guard let record = try ledger.newestRun(), let shard = Shard(record.shard) else { return nil }
    self.path = path
    self.shard = shard
    self.record = record
    (rows, openRows) = try ledger.settling(ofRun: record.id)
  }
}

/// The problems that prevent a merge of shards, one sentence each.
package struct ShardsUnfit: Error, Hashable {
  package var problems: [String]

  package init(_ problems: [String]) { self.problems = problems }
}
