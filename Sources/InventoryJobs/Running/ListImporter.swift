import Gateway
import InventoryModel
import Ledger
import ProjectList
import TextFormats

/// A list on its way into the ledger.
final class ListImporter {
  /// The list's columns that are kept, as they may be kept.
  let keptColumns: [String]
  /// What is known of the rows that were read.
  private(set) var validator: RowValidator
  /// Rows handed out that are not to be asked for, by outcome.
  private(set) var settled = OutcomeCounts()
  private var list: ProjectListReader
  private var cells: InputCells.Writer

  init(_ list: ProjectListReader, validator: RowValidator) {
    // Two names may differ in nothing but a key.
    keptColumns =
      validator.keepsCells ? UniqueNames.of(list.inputColumns.map(validator.credentials.mask.masked)) : []
    self.list = list
    self.validator = validator
    cells = InputCells.Writer(columns: keptColumns)
  }

  /// What a user should know about the list, once it is read.
  var warnings: [String] { list.warnings + validator.warnings }

  /// What is known of the rows that were read, for the ledger.
  var entered: ImportedList { ImportedList(digest: validator.digest.text, wholeListRows: validator.rows) }

  /// The shard's next row; nil at the list's end.
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
