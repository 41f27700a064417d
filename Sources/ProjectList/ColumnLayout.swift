import InventoryModel
import TextFormats

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

  /// Names under which the ID column is found, folded; each group wins over those after it.
  private static let idNames: [Set<String>] = [
    ["projectid", "idproject"],
    [
      "idproyecto", "proyectoid", "iddeproyecto", "iddelproyecto", "idprojeto", "projetoid", "iddeprojeto",
      "iddoprojeto",
    ],
    ["project", "id", "brainid", "brain", "projects", "ids", "proyecto", "projeto"],
  ]

  static func isIDName(_ name: String) -> Bool {
    let folded = ColumnName.folded(name)
    return idNames.contains { $0.contains(folded) }
  }

  /// Indexes of the columns that may hold the IDs: those of the first group of names that the header has.
  static func idCandidates(in header: [String]) -> [Int] {
    let folded = header.map(ColumnName.folded)
    for names in idNames {
      let candidates = header.indices.filter { names.contains(folded[$0]) }
      if !candidates.isEmpty { return candidates }
    }
    return []
  }

  /// The header's names made usable as keys: doubles get `_2`, `_3`, empty ones `column_N`.
  static func uniqueNames(of header: [String]) -> [String] {
    UniqueNames.of(header.enumerated().map { index, name in name.isEmpty ? "column_\(index + 1)" : name })
  }
}
