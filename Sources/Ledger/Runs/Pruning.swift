/// Which runs to delete.
package enum PruningChoice: Hashable, Sendable {
  case runs([Int64])
  /// All runs that are older than this number of newest finished runs.
  case olderThanNewest(Int)
}

/// Runs that can be deleted.
package struct PruningPlan: Hashable, Sendable {
  /// Oldest first.
  package var runs: [Int64] = []
  /// Runs that were selected too but must be kept, oldest first.
  package var spared: [RunNeeded] = []
}

/// A run that must not be deleted, because later runs depend on it.
package struct RunNeeded: Error, Hashable, CustomStringConvertible {
  package enum Reason: Sendable {
    case resumable, newest, newestFinished
  }

  package var run: Int64
  package var reason: Reason

  package var description: String {
    switch reason {
    case .resumable: "run \(run) has open rows or lacks its reports, and run --resume would continue it"
    case .newest: "run \(run) is the newest run"
    case .newestFinished: "run \(run) is the newest finished run, and the next one's list is compared with its list"
    }
  }
}

/// A run that was selected for deletion but does not exist.
package struct RunMissing: Error, Hashable, CustomStringConvertible {
  package var run: Int64
  package var wasDeleted: Bool

  package var description: String {
    wasDeleted ? "run \(run) was deleted before" : "there is no run \(run) in this database"
  }
}

/// The result of deleting runs.
package struct PruningResult: Hashable, Sendable {
  package var runs: [Int64]
  /// Rows that were deleted, or would be deleted in a dry run.
  package var rowsDeleted = 0
  /// Rows of deleted runs that are kept because other runs need them, including rows of runs that were deleted earlier.
  package var rowsNeeded = 0
  /// The size of the database's file, in bytes.
  package var sizeBefore = 0
  package var sizeAfter = 0

  package var bytesFreed: Int { max(0, sizeBefore - sizeAfter) }
}
