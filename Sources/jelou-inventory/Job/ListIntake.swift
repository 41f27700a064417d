import InventoryModel
import ProjectList
import Synchronization

/// A list on its way into the ledger, read on one thread and entered on another.
final class ListIntake: Sendable {
  private struct State {
    var list: ProjectList<ListFile>
    var admitter: RowAdmitter
  }

  /// The list's columns that are kept.
  let keptColumns: [String]
  private let state: Mutex<State>

  init(_ list: sending ProjectList<ListFile>, admitter: RowAdmitter) {
    keptColumns = admitter.keepsCells ? list.inputColumns : []
    state = Mutex(State(list: list, admitter: admitter))
  }

  /// What is known of the rows that were read.
  var admitter: RowAdmitter { state.withLock { $0.admitter } }

  /// Hands out the shard's rows and how each enters, to the list's end.
  func forEachRow(ofShard shard: Shard, _ body: ((ListRow, RowAdmission)) throws -> Void) throws {
    try state.withLock { state in
      while let row = try state.list.next() {
        if shard.holds(row.projectID) {
          try body(try state.admitter.admit(row))
        } else {
          try state.admitter.note(row)
        }
      }
    }
  }

  /// Reads the list to its end without entering anything.
  func noteAll() throws -> RowAdmitter {
    try state.withLock { state in
      while let row = try state.list.next() { try state.admitter.note(row) }
      return state.admitter
    }
  }
}
