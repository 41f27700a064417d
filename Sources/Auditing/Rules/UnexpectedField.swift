package import InventoryModel

extension AuditRule {
  package static let unexpectedField = AuditRule("unexpected-field", .low)
}

extension Rule {
  /// The response has fields that this program does not know; the API may have changed.
  static let unexpectedField = Rule(
    .unexpectedField,
    en: "Unknown fields in the response",
    es: "Campos desconocidos en la respuesta",
    pt: "Campos desconhecidos na resposta"
  ) { row in
    let names = row.extraFields.names
    return names.isEmpty ? nil : "Unknown fields: \(names.joined(separator: ", "))"
  }
}
