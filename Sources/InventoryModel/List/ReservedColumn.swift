import TextFormats

/// A column of the list that has a meaning of its own, found by its name in the header.
package enum ReservedColumn: String, CaseIterable, Sendable {
  /// Names the credential of each row.
  case credential
  /// The webhook that each project is expected to have.
  case expectedWebhook = "expected_webhook"

  /// Index of the column: the one with exactly this name, otherwise the first whose name is another spelling of it.
  package func index(in names: [String]) -> Int? { ColumnName.index(of: rawValue, in: names) }

  /// Indexes of columns that somebody may have meant as this one; empty where the column itself is there.
  package func nearMisses(in names: [String]) -> [Int] {
    index(in: names) == nil ? names.indices.filter { isNear(names[$0]) } : []
  }

  /// Indexes of other spellings of the name, beyond the one that is used.
  package func surplus(in names: [String]) -> [Int] {
    guard let index = index(in: names) else { return [] }
    return names.indices.filter { $0 != index && ColumnName.folded(names[$0]) == ColumnName.folded(rawValue) }
  }

  /// A few edits away, its letters in another order, or the name with something added.
  private func isNear(_ name: String) -> Bool {
    let (own, other) = (ColumnName.folded(rawValue), ColumnName.folded(name))
    // A long text is no name, and costs time.
    guard !other.isEmpty, other.utf8.count <= 64 else { return false }
    if other.contains(own) || own.sorted() == other.sorted() { return true }
    // In English, Spanish and Portuguese.
    if self == .expectedWebhook, other.contains("webhook"), other.contains("expect") || other.contains("esper") {
      return true
    }
    return EditDistance.between(Array(own), Array(other)) <= own.count / 3
  }
}

/// Names of columns, compared as people write them.
package enum ColumnName {
  /// The name without case, spaces, `_`, `-` and characters that can't be seen.
  package static func folded(_ name: String) -> String {
    var folded = String.UnicodeScalarView()
    for scalar in name.lowercased().unicodeScalars
    where scalar != "_" && scalar != "-" && !scalar.properties.isWhitespace && !scalar.isInvisible {
      folded.append(scalar)
    }
    return String(folded)
  }

  /// Index of the column with this name: exactly as written, otherwise in another spelling.
  package static func index(of name: String, in names: [String]) -> Int? {
    let spelling = folded(name)
    return names.firstIndex { $0.utf8.elementsEqual(name.utf8) } ?? names.firstIndex { folded($0) == spelling }
  }
}
