import InventoryModel
import TextFormats

/// Why the body of a 200 is not a configuration.
enum BodyFault: Error, Hashable {
  case notJSON
  /// JSON that lacks a part of a configuration, with a description.
  case wrongShape(String)
  /// The envelope reports a failure, with the gateway's message.
  case envelopeFailed(String?)
}

/// Reads the gateway's bodies: the integration in an envelope, the flat integration, and the error envelope.
enum IntegrationBody {
  private static let envelopeFields: Set<String> = ["message", "statusMessage", "status", "data"]
  /// Of all fields the one that a configuration must have.
  private static let webhookKey = RecordField.named("webhook_url").gatewayKey ?? ""

  /// The integration as it may be stored: secrets are masked, and over-long values are cut (``ValueLimit``).
  ///
  /// - Parameter secrets: masked in every value, however the body escapes them.
  static func integration(in body: [UInt8], masking secrets: SecretMask = .none) -> Result<Integration, BodyFault> {
    let value: JSONValue
    do {
      let read = try JSONReader.value(in: body)
      value = secrets.mayFind(inJSON: body) ? read.masking(secrets) : read
    } catch {
      return .failure(error == .nameTwice ? .wrongShape("The response contains a field twice.") : .notJSON)
    }
    guard case .object(let fields) = value else {
      return .failure(.wrongShape("The response is JSON, but not an object."))
    }
    guard isEnvelope(fields) else { return integration(of: fields, outside: JSONObject()) }
    if hasFailed(fields) { return .failure(.envelopeFailed(message(of: fields))) }
    switch fields["data"] {
    case .object(let data)?:
      return integration(of: data, outside: fields.filter { !envelopeFields.contains($0) })
    case nil, .null?: return .failure(.envelopeFailed(message(of: fields)))
    default: return .failure(.wrongShape("The data field of the response is not an object."))
    }
  }

  /// The message of an error body, a string or an array of strings; at most 2,000 characters.
  static func message(in body: [UInt8], masking secrets: SecretMask = .none) -> String? {
    guard case .object(let fields)? = try? JSONReader.value(in: body).masking(secrets) else { return nil }
    return message(of: fields)
  }

  private static func isEnvelope(_ fields: JSONObject) -> Bool {
    if fields["data"] != nil || fields["statusMessage"] != nil { return true }
    return fields[webhookKey] == nil && (fields["status"] != nil || fields["message"] != nil)
  }

  private static func hasFailed(_ fields: JSONObject) -> Bool {
    if fields["status"]?.text.flatMap(Double.init) == 0 { return true }
    if case .bool(false)? = fields["status"] { return true }
    guard let status = fields["statusMessage"]?.text else { return false }
    return status.lowercased() != "success"
  }

  private static func message(of fields: JSONObject) -> String? {
    let text: String? =
      switch fields["message"] {
      case .array(let parts)?: parts.compactMap(\.text).joined(separator: "; ")
      case let value?: value.text
      case nil: nil
      }
    guard let text, !text.isEmpty else { return nil }
    return prose(text, limit: 2000)
  }

  /// A text from the gateway as it may be stored: without secrets, and cut after `limit` scalars.
  static func prose(_ text: String, limit: Int) -> String {
    let masked = Redaction.maskedProse(storable(text)).unicodeScalars
    return masked.count > limit ? String(masked.prefix(limit)) + "…" : String(masked)
  }

  /// - Parameter outside: unknown fields of the envelope.
  private static func integration(
    of fields: JSONObject, outside: JSONObject
  ) -> Result<Integration, BodyFault> {
    var received: String?
    var integration = Integration(webhookURL: "")
    var extra = outside
    /// A known field that is text; one of another type is kept with the unknown fields.
    func text(_ value: JSONValue, of name: String) -> String? {
      if let text = value.text { return storable(text).bounded }
      if case .null = value { return nil }
      extra.set(name, value)
      return nil
    }
    for member in fields.members {
      let (name, value) = (member.name, member.value)
      guard let field = RecordField.integration.first(where: { $0.gatewayKey?.isExactly(name) == true }),
        case .integration(_, let set) = field.setter
      else {
        extra.set(name, value)
        continue
      }
      if name.isExactly(webhookKey) {
        if case .string(let url) = value { received = url }
      } else {
        let known = text(value, of: name)
        set(&integration, field.kind == .time ? known.map(normalizedTime) : known)
      }
    }
    guard let received else { return .failure(.wrongShape("The response has no \(webhookKey).")) }
    let url = storable(received).trimmingSpace()
    guard !url.isEmpty else { return .failure(.wrongShape("The \(webhookKey) field of the response is empty.")) }
    let webhook = Webhook(url)
    integration.webhookURL = webhook.url
    integration.webhookHost = webhook.host
    if !extra.isEmpty { integration.extraJSON = extra.redacted().boundedJSON }
    return .success(integration)
  }

  /// A text in the database ends at the first NUL, and a URL cut there would be another URL.
  private static func storable(_ text: String) -> String {
    var text = text
    return text.withUTF8({ $0.contains(0) }) ? text.replacing("\0", with: "\u{FFFD}") : text
  }

  /// RFC 3339 in UTC with milliseconds; a time that can't be read stays as received.
  private static func normalizedTime(_ text: String) -> String {
    Timestamp(rfc3339: text)?.description ?? text
  }
}
