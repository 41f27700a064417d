package import InventoryModel

extension AuditRule {
  package static let duplicateRow = AuditRule("duplicate-row", .low)
}

extension Rule {
  /// The project is in an earlier row of the list. The ledger finds it by comparing rows.
  static let duplicateRow = Rule(
    .duplicateRow,
    en: "Project listed more than once",
    es: "Proyecto repetido en la lista",
    pt: "Projeto repetido na lista")
}
