/// Things of one kind: how many there are, and the first of them.
package struct Sample<Element: Sendable>: Sendable {
  package var count: Int
  package var first: [Element]

  package init(count: Int = 0, first: [Element] = []) {
    self.count = count
    self.first = first
  }

  /// Those beyond the first.
  package var others: Int { count - first.count }

  /// Counts one more, and keeps it while there are fewer than `limit`.
  package mutating func add(_ element: Element, limit: Int) {
    count += 1
    if first.count < limit { first.append(element) }
  }
}

extension Sample<Int> {
  /// Numbers of lines, as messages name them: `lines 2, 3 and 7 more`.
  package var inWords: String {
    "\(count == 1 ? "line" : "lines") \(first.map(String.init).joined(separator: ", "))"
      + (others > 0 ? " and \(others) more" : "")
  }
}

/// What a list holds, once every row has been looked at.
package struct ListStatistics: Sendable {
  package struct Duplicate: Sendable {
    package var line: Int
    package var projectID: String
    /// Where the project stands first.
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
    /// Of the first row that names it.
    package var line: Int

    package init(name: String, rows: Int, line: Int) {
      self.name = name
      self.rows = rows
      self.line = line
    }
  }

  package var rows = 0
  /// Projects with an ID that can be asked for, each once.
  package var projects = 0
  /// Rows whose project stands in an earlier row already.
  package var duplicates = Sample<Duplicate>()
  /// Rows whose ID can't be asked for.
  package var invalid = Sample<InvalidRow>()
  /// Names in the list that no credential has, by the lines on which they come up.
  package var unknownCredentials = Sample<UnknownCredential>()
  /// Rows with such a name.
  package var rowsWithUnknownCredential = 0
  /// Lines of rows that name no credential, where there is none for them.
  package var withoutCredential = Sample<Int>()

  package init() {}
}

/// What is to be asked with one credential.
package struct CredentialShare: Hashable, Sendable {
  package var name: String
  /// Rows that are to be answered.
  package var rows: Int
  /// Requests that it takes when none fails: one a project.
  package var requests: Int
  /// The project that comes first, and its line.
  package var firstProject: PendingProject

  package init(name: String, rows: Int, requests: Int, firstProject: PendingProject) {
    self.name = name
    self.rows = rows
    self.requests = requests
    self.firstProject = firstProject
  }
}
