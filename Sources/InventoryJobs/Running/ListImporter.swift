import Gateway
import InventoryModel
import Ledger
import ProjectList
import TextFormats

/// Reads a list's rows for import into the ledger.
final class ListImporter {
  /// Names of the list's columns that are stored, with keys masked.
  let keptColumns: [String]
  /// Facts about the rows read so far.
  private(set) var validator: RowValidator
  /// Returned rows that need no request, by outcome.
  private(set) var settled = OutcomeCounts()
  private var list: ProjectListReader
  private var cells: InputCells.Writer

  init(_ list: ProjectListReader, validator: RowValidator) {
    // Two names may differ only in a key, and then become equal when it is masked.
    keptColumns =
      validator.keepsCells ? UniqueNames.of(list.inputColumns.map(validator.credentials.mask.masked)) : []
    self.list = list
    self.validator = validator
    cells = InputCells.Writer(columns: keptColumns)
  }

  /// Warnings about the list, for the user; complete once the list is read.
  var warnings: [String] { list.warnings + validator.warnings }

  /// Digest and number of the rows read so far, for the ledger.
  var entered: ImportedList { ImportedList(digest: validator.digest.text, wholeListRows: validator.rows) }

  /// Returns the shard's next row; nil at the end of the list.
  func next(ofShard shard: Shard) throws -> ImportedRow? {
    while let row = try list.next() {
      guard shard.holds(row.projectID) else {
        try validator.note(row)
        continue
      }
      let (kept, admission) = try validator.validate(row)
      if case .refused(let outcome, _, _) = admission { settled[outcome] += 1 }
      return ImportedRow(line: kept.line, projectID: kept.projectID, input: cells.json(kept.input), admission)
    }
    return nil
  }
}
