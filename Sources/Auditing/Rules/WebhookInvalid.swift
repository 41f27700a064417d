package import InventoryModel
import TextFormats

extension AuditRule {
  package static let webhookInvalid = AuditRule("webhook-invalid", .high)
}

extension Rule {
  /// The webhook is not an absolute http or https URL with a host.
  static let webhookInvalid = Rule(
    .webhookInvalid,
    en: "Webhook that is no usable address",
    es: "Webhook que no es una dirección utilizable",
    pt: "Webhook que não é um endereço utilizável"
  ) { row in
    // The detail quotes nothing of the text: what is not a URL may be anything, a key included.
    switch row.webhook.fault {
    case .scheme: "The webhook does not begin with https:// or http://."
    case .host: "The webhook's URL has no host."
    case .length: "The webhook's URL is longer than any server takes, and is kept in part."
    case .characters: "The webhook's URL has spaces, control characters or backslashes."
    case nil: nil
    }
  }
}
