package import InventoryModel

/// A shard's database, and how its newest run stands.
package struct ShardSource: Sendable {
  package var path: String
  package var shard: Shard
  package var record: RunRecord
  /// That are there.
  package var rows: Int
  /// Without an outcome, or left open for a resumed run.
  package var openRows: Int

  /// Whether every row of the shard is settled, whatever came of it.
  package var isSettled: Bool { record.finishedAt != nil && openRows == 0 }

  /// Looks into a database on which nobody is at work, and changes nothing there.
  ///
  /// - Parameter lockWait: for whoever else holds it.
  /// - Returns: nil where there is no run in it.
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

/// What is wrong with shards that were to be merged, a sentence each.
package struct ShardsUnfit: Error, Hashable {
  package var problems: [String]

  package init(_ problems: [String]) { self.problems = problems }
}
