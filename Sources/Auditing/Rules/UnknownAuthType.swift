import InventoryModel

/// The webhook's authentication is of a kind that this program does not know.
enum UnknownAuthType: RowRule {
  static let rule = AuditRule.unknownAuthType

  static func detail(of row: AuditedRow) -> String? {
    guard let type = row.integration.authType, type != "no_auth", type != "bearer" else { return nil }
    // What does not look like a name may be a secret in the wrong field.
    let isName =
      (1...40).contains(type.utf8.count) && type.allSatisfy { $0.isASCII && $0.isLetter || "_-".contains($0) }
    return isName ? "The authentication type is \(type)." : "The authentication type is none that is known."
  }
}
