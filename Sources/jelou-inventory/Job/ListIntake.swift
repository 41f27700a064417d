import Gateway
import InventoryModel
import Ledger
import ProjectList
import Synchronization

/// A list on its way into the ledger, read on one thread and entered on another.
final class ListIntake: Sendable {
  private struct State {
    var list: ProjectList
    var admitter: RowAdmitter
    var cells: InputCells.Writer
    var settled = OutcomeCounts()
  }

  /// The list's columns that are kept, as they may be kept.
  let keptColumns: [String]
  private let state: Mutex<State>

  init(_ list: sending ProjectList, admitter: RowAdmitter) {
    // Two names may differ in nothing but a key.
    let columns =
      admitter.keepsCells ? UniqueNames.of(list.inputColumns.map(admitter.credentials.mask.masked)) : []
    keptColumns = columns
    state = Mutex(State(list: list, admitter: admitter, cells: InputCells.Writer(columns: columns)))
  }

  /// What is known of the rows that were read.
  var admitter: RowAdmitter { state.withLock { $0.admitter } }

  /// What a user should know about the list, once it is read.
  var warnings: [String] { state.withLock { $0.list.warnings + $0.admitter.warnings } }

  /// Rows handed out that are not to be asked for, by outcome.
  var settled: OutcomeCounts { state.withLock { $0.settled } }

  /// What is known of the rows that were read, for the ledger.
  var entered: EnteredList {
    state.withLock { state in
      EnteredList(digest: state.admitter.digest.text, wholeListRows: state.admitter.rows)
    }
  }

  /// Hands out the shard's rows to the list's end.
  func forEachRow(ofShard shard: Shard, _ body: (consuming EnteredRow) throws -> Void) throws {
    try state.withLock { state in
      while let row = try state.list.next() {
        guard shard.holds(row.projectID) else {
          try state.admitter.note(row)
          continue
        }
        let (kept, admission) = try state.admitter.admit(row)
        if case .refused(let outcome, _, _) = admission { state.settled[outcome] += 1 }
        try body(
          EnteredRow(
            line: kept.line, projectID: kept.projectID, input: state.cells.json(kept.input), admission))
      }
    }
  }
}
