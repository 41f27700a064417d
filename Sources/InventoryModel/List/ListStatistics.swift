/// The number of items of one kind, and the first of them.
package struct Sample<Element: Sendable>: Sendable {
  package var count: Int
  package var first: [Element]

  package init(count: Int = 0, first: [Element] = []) {
    self.count = count
    self.first = first
  }

  /// Number of items that are not in ``first``.
  package var others: Int { count - first.count }

  /// Counts an element, and keeps it if fewer than `limit` elements are kept.
  package mutating func add(_ element: Element, limit: Int) {
    count += 1
    if first.count < limit { first.append(element) }
  }
}

extension Sample<Int> {
  /// The line numbers as messages show them: `lines 2, 3 and 7 more`.
  package var inWords: String {
    "\(count == 1 ? "line" : "lines") \(first.map(String.init).joined(separator: ", "))"
      + (others > 0 ? " and \(others) more" : "")
  }
}

/// Statistics of a list, complete once every row has been read.
package struct ListStatistics: Sendable {
  package struct Duplicate: Sendable {
    package var line: Int
    package var projectID: String
    /// Line of the first row with this project.
    package var firstLine: Int

    package init(line: Int, projectID: String, firstLine: Int) {
      self.line = line
      self.projectID = projectID
      self.firstLine = firstLine
    }
  }

  package struct InvalidRow: Sendable {
    package var line: Int
    package var error: RowError

    package init(line: Int, error: RowError) {
      self.line = line
      self.error = error
    }
  }

  package struct UnknownCredential: Sendable {
    package var name: String
    package var rows: Int
    /// Line of the first row that names the credential.
    package var line: Int

    package init(name: String, rows: Int, line: Int) {
      self.name = name
      self.rows = rows
      self.line = line
    }
  }

  package var rows = 0
  /// Number of distinct projects with a valid ID.
  package var projects = 0
  /// Rows whose project already occurs in an earlier row.
  package var duplicates = Sample<Duplicate>()
  /// Rows whose ID is invalid, so that it can't be requested.
  package var invalid = Sample<InvalidRow>()
  /// Credential names in the list that match no configured credential, in order of the first line that uses them.
  package var unknownCredentials = Sample<UnknownCredential>()
  /// Number of rows that name an unknown credential.
  package var rowsWithUnknownCredential = 0
  /// Lines of rows that name no credential when there is no credential for such rows.
  package var withoutCredential = Sample<Int>()

  package init() {}
}

/// The share of a list's requests that use one credential.
package struct CredentialShare: Hashable, Sendable {
  package var name: String
  /// Number of rows to be answered.
  package var rows: Int
  /// Number of requests, assuming no retries: one per project.
  package var requests: Int
  /// The first project in list order, with its line.
  package var firstProject: PendingProject

  package init(name: String, rows: Int, requests: Int, firstProject: PendingProject) {
    self.name = name
    self.rows = rows
    self.requests = requests
    self.firstProject = firstProject
  }
}
