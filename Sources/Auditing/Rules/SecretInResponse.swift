package import InventoryModel

extension AuditRule {
  package static let secretInResponse = AuditRule("secret-in-response", .high)
}

extension Rule {
  /// The response contained a secret, contrary to the documentation of the API.
  static let secretInResponse = Rule(
    .secretInResponse,
    en: "Secret in the gateway's response",
    es: "Secreto en la respuesta del gateway",
    pt: "Segredo na resposta do gateway"
  ) { row in
    let names = row.extraFields.secretNames
    return names.isEmpty ? nil : "The response contains secrets in: \(names.joined(separator: ", "))"
  }
}
