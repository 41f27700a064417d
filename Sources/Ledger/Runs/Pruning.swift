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
    let reason =
      switch reason {
      case .resumable: "it has open rows or no reports, and --resume would continue it"
      case .newest: "it is the newest run"
      case .newestFinished: "it is the newest finished run, and the next run is compared with its list"
      }
    return "run \(run) can't be deleted: \(reason)"
  }
}

/// A run that was selected for deletion but does not exist.
package struct RunMissing: Error, Hashable, CustomStringConvertible {
  package var run: Int64
  package var wasDeleted: Bool

  package var description: String {
    wasDeleted ? "run \(run) is already deleted" : "there is no run \(run) in this database"
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
