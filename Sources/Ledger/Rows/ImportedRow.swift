package import InventoryModel

/// A row of the list as the ledger takes it.
package struct ImportedRow: Sendable {
  /// Physical line on which the row begins, counted from 1.
  package var line: Int
  package var projectID: String
  /// The cells of the list's other columns, as `InputCells` writes them.
  package var input: String
  package var admission: RowValidation

  package init(line: Int, projectID: String, input: String = "{}", _ admission: RowValidation) {
    self.line = line
    self.projectID = projectID
    self.input = input
    self.admission = admission
  }
}

/// What is known of a list once all its rows are entered.
package struct ImportedList: Sendable {
  /// Of the whole list.
  package var digest: String
  /// Of the whole list; nil where all of them are entered.
  package var wholeListRows: Int?

  package init(digest: String, wholeListRows: Int? = nil) {
    self.digest = digest
    self.wholeListRows = wholeListRows
  }
}
