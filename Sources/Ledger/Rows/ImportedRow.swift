package import InventoryModel

/// A row of the list in the form that the ledger imports.
package struct ImportedRow: Sendable {
  /// The physical line on which the row begins, counted from 1.
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

/// The properties of a list that are known once all its rows are imported.
package struct ImportedList: Sendable {
  /// The digest of the whole list.
  package var digest: String
  /// The number of rows in the whole list; nil if all of them are imported.
  package var wholeListRows: Int?

  package init(digest: String, wholeListRows: Int? = nil) {
    self.digest = digest
    self.wholeListRows = wholeListRows
  }
}
