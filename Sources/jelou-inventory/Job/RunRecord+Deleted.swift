import InventoryModel

extension RunRecord {
  /// - Throws: ``JobFailure`` for a run that has been deleted from the database.
  func requireNotDeleted(_ databasePath: String) throws(JobFailure) {
    guard let prunedAt else { return }
    throw JobFailure(.usage, "\(databasePath): run \(id) was deleted on \(prunedAt.description.prefix(10))")
  }
}
