/// What each column of a list is for.
struct ColumnLayout: Hashable {
  /// Every column's name, made unique.
  var names: [String]
  /// Index of the ID column.
  var idColumn: Int
  /// Index of the column that names a credential.
  var credentialColumn: Int?

  /// Indexes of the columns that pass through to the reports.
  var inputColumns: [Int] { names.indices.filter { $0 != idColumn && $0 != credentialColumn } }

  /// Names under which the ID column is found, folded; the first group wins over the second.
  private static let certainNames: Set<String> = ["projectid", "idproject"]
  private static let usualNames: Set<String> = [
    "project", "id", "brainid", "brain", "projects", "ids", "proyecto", "idproyecto", "proyectoid", "projeto",
    "idprojeto", "projetoid",
  ]

  static func isIDName(_ name: String) -> Bool {
    let folded = fold(name)
    return certainNames.contains(folded) || usualNames.contains(folded)
  }

  /// Indexes of the columns that may hold the IDs: the certain names before the usual ones.
  static func idCandidates(in header: [String]) -> [Int] {
    let certain = header.indices.filter { certainNames.contains(fold(header[$0])) }
    return certain.isEmpty ? header.indices.filter { usualNames.contains(fold(header[$0])) } : certain
  }

  /// The column with this name: as written, or else but for case, spaces, `_` and `-`.
  static func column(named name: String, in header: [String]) -> Int? {
    header.firstIndex(of: name) ?? header.firstIndex { fold($0) == fold(name) }
  }

  /// The header's names made usable as keys: doubles get `_2`, `_3`, empty ones `column_N`.
  static func uniqueNames(of header: [String]) -> [String] {
    var taken: Set<String> = []
    return header.enumerated().map { index, name in
      let base = name.isEmpty ? "column_\(index + 1)" : name
      var unique = base
      var copy = 2
      while !taken.insert(unique).inserted {
        unique = "\(base)_\(copy)"
        copy += 1
      }
      return unique
    }
  }

  private static func fold(_ name: String) -> String {
    name.lowercased().filter { $0 != "_" && $0 != "-" && !$0.isWhitespace }
  }
}
