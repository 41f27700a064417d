import InventoryModel
import TextFormats

/// The purpose of each column of a list.
struct ColumnLayout: Hashable {
  /// The names of all columns, made unique.
  var names: [String]
  /// Index of the ID column.
  var idColumn: Int
  /// Index of the column that names a credential.
  var credentialColumn: Int?

  /// Indexes of the columns that pass through to the reports.
  var inputColumns: [Int] { names.indices.filter { $0 != idColumn && $0 != credentialColumn } }

  /// Folded names that identify the ID column. Each group has priority over the groups after it.
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

  /// Indexes of the columns that may hold the IDs: the columns that match the first group of names found in the header.
  static func idCandidates(in header: [String]) -> [Int] {
    let folded = header.map(ColumnName.folded)
    for names in idNames {
      let candidates = header.indices.filter { names.contains(folded[$0]) }
      if !candidates.isEmpty { return candidates }
    }
    return []
  }

  /// The header's names, made usable as keys: duplicates get a suffix such as `_2`, empty names become `column_N`.
  static func uniqueNames(of header: [String]) -> [String] {
    UniqueNames.of(header.enumerated().map { index, name in name.isEmpty ? "column_\(index + 1)" : name })
  }
}
