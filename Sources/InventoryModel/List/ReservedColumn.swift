import TextFormats

/// A column of the list that has a special meaning. It is identified by its name in the header.
package enum ReservedColumn: String, CaseIterable, Sendable {
  /// The name of each row's credential.
  case credential
  /// The webhook that each project is expected to have.
  case expectedWebhook = "expected_webhook"

  /// Returns the index of the column with exactly this name, or else of the first column with a variant spelling; nil
  /// if there is none.
  package func index(in names: [String]) -> Int? { ColumnName.index(of: rawValue, in: names) }

  /// Returns the indexes of columns whose names may be misspellings of this one; empty if the column itself exists.
  package func nearMisses(in names: [String]) -> [Int] {
    index(in: names) == nil ? names.indices.filter { isNear(names[$0]) } : []
  }

  /// Returns the indexes of further columns with a variant spelling of the name, without the one that is used.
  package func surplus(in names: [String]) -> [Int] {
    guard let index = index(in: names) else { return [] }
    return names.indices.filter { $0 != index && ColumnName.folded(names[$0]) == ColumnName.folded(rawValue) }
  }

  /// Whether the name is a few edits away, has the same letters in another order, or contains the reserved name.
  private func isNear(_ name: String) -> Bool {
    let (own, other) = (ColumnName.folded(rawValue), ColumnName.folded(name))
    // Long texts are not names, and comparing them is slow.
    guard !other.isEmpty, other.utf8.count <= 64 else { return false }
    if other.contains(own) || own.sorted() == other.sorted() { return true }
    // Names in English, Spanish, and Portuguese.
    if self == .expectedWebhook, other.contains("webhook"), other.contains("expect") || other.contains("esper") {
      return true
    }
    return EditDistance.between(Array(own), Array(other)) <= own.count / 3
  }
}

/// Compares column names without regard to case, separators, and invisible characters.
package enum ColumnName {
  /// The name in lower case, without spaces, `_`, `-`, and invisible characters.
  package static func folded(_ name: String) -> String {
    var folded = String.UnicodeScalarView()
    for scalar in name.lowercased().unicodeScalars
    where scalar != "_" && scalar != "-" && !scalar.properties.isWhitespace && !scalar.isInvisible {
      folded.append(scalar)
    }
    return String(folded)
  }

  /// Returns the index of the column with this name: an exact match, or else the first variant spelling; nil if there
  /// is none.
  package static func index(of name: String, in names: [String]) -> Int? {
    let spelling = folded(name)
    return names.firstIndex { $0.utf8.elementsEqual(name.utf8) } ?? names.firstIndex { folded($0) == spelling }
  }
}
