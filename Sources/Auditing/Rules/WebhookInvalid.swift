package import InventoryModel
import TextFormats

extension AuditRule {
  package static let webhookInvalid = AuditRule("webhook-invalid", .high)
}

extension Rule {
  /// The webhook is not an absolute http or https URL with a host.
  static let webhookInvalid = Rule(
    .webhookInvalid,
    en: "Invalid webhook URL",
    es: "URL de webhook no válida",
    pt: "URL de webhook inválida"
  ) { row in
    // The detail quotes nothing of the text: what is not a URL may be anything, a key included.
    switch row.webhook.fault {
    case .scheme: "The webhook URL does not begin with https:// or http://."
    case .host: "The webhook URL has no host."
    case .length: "The webhook URL is too long for any server and was stored only in part."
    case .characters: "The webhook URL contains spaces, control characters, or backslashes."
    case nil: nil
    }
  }
}
