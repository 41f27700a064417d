package import InventoryModel

extension AuditRule {
  package static let unknownAuthType = AuditRule("unknown-auth-type", .low)
}

extension Rule {
  /// The webhook's authentication type is unknown to this program.
  static let unknownAuthType = Rule(
    .unknownAuthType,
    en: "Unknown authentication type",
    es: "Tipo de autenticación desconocido",
    pt: "Tipo de autenticação desconhecido"
  ) { row in
    guard let type = row.integration.authType, type != "no_auth", type != "bearer" else { return nil }
    // A text that does not look like a name may be a secret in the wrong field.
    let isName =
      (1...40).contains(type.utf8.count) && type.allSatisfy { $0.isASCII && $0.isLetter || "_-".contains($0) }
    return isName ? "The authentication type is \(type)." : "The authentication type is not a known one."
  }
}
