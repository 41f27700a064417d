package import InventoryModel

/// A row of the list as the ledger takes it.
package struct EnteredRow: Sendable {
  /// Physical line on which the row begins, counted from 1.
  package var line: Int
  package var projectID: String
  /// The cells of the list's other columns, as `InputCells` writes them.
  package var input: String
  package var admission: RowAdmission

  package init(line: Int, projectID: String, input: String = "{}", _ admission: RowAdmission) {
    self.line = line
    self.projectID = projectID
    self.input = input
    self.admission = admission
  }

  /// Of its texts.
  package var byteCount: Int {
    let admission =
      switch admission {
      case .pending(let credential): credential.utf8.count
      case .refused(_, let error, let credential): error.message.utf8.count + (credential?.utf8.count ?? 0)
      }
    return projectID.utf8.count + input.utf8.count + admission
  }
}

/// What is known of a list once all its rows are entered.
package struct EnteredList: Sendable {
  /// Of the whole list.
  package var digest: String
  /// Of the whole list; nil where all of them are entered.
  package var wholeListRows: Int?

  package init(digest: String, wholeListRows: Int? = nil) {
    self.digest = digest
    self.wholeListRows = wholeListRows
  }
}

/// A run with all rows of its list.
package struct EnteredRun: Sendable {
  package var record: RunRecord
  /// The projects that several of its rows have.
  package var repeatedProjects: RepeatedTexts
}
