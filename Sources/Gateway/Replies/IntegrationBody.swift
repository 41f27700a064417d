import InventoryModel

/// Why a 200 body is no configuration.
enum BodyFault: Error, Hashable {
  case notJSON
  /// JSON that lacks what a configuration has; says what.
  case wrongShape(String)
  /// The envelope says that the gateway failed, with its message.
  case envelopeFailed(String?)
}

/// Reads the gateway's bodies: the integration in an envelope, the flat integration, and the error envelope.
enum IntegrationBody {
  private static let envelopeFields: Set<String> = ["message", "statusMessage", "status", "data"]

  /// The integration as it may be kept: secrets are masked, and what is too long is cut (``ValueLimit``).
  ///
  /// - Parameter secrets: masked in everything that is kept, however the body escapes them.
  static func integration(in body: [UInt8], masking secrets: SecretMask = .none) -> Result<Integration, BodyFault> {
    let value: JSONValue
    do {
      let read = try JSONReader.value(in: body)
      value = secrets.mayFind(inJSON: body) ? read.masking(secrets) : read
    } catch {
      return .failure(error == .nameTwice ? .wrongShape("The answer gives a field twice.") : .notJSON)
    }
    guard case .object(let fields) = value else {
      return .failure(.wrongShape("The answer is JSON, but no object."))
    }
    guard isEnvelope(fields) else { return integration(of: fields, outside: JSONObject()) }
    if hasFailed(fields) { return .failure(.envelopeFailed(message(of: fields))) }
    switch fields["data"] {
    case .object(let data)?:
      return integration(of: data, outside: fields.filter { !envelopeFields.contains($0) })
    case nil, .null?: return .failure(.envelopeFailed(message(of: fields)))
    default: return .failure(.wrongShape("The answer's data is no object."))
    }
  }

  /// The message of an error body: a string, or strings that belong together. At most 2,000 characters.
  static func message(in body: [UInt8], masking secrets: SecretMask = .none) -> String? {
    guard case .object(let fields)? = try? JSONReader.value(in: body).masking(secrets) else { return nil }
    return message(of: fields)
  }

  private static func isEnvelope(_ fields: JSONObject) -> Bool {
    if fields["data"] != nil || fields["statusMessage"] != nil { return true }
    return fields["webhookUrl"] == nil && (fields["status"] != nil || fields["message"] != nil)
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

  /// A text of the gateway's as it may be kept: without secrets, and cut after so many characters.
  static func prose(_ text: String, limit: Int) -> String {
    let masked = Redaction.maskedProse(storable(text)).unicodeScalars
    return masked.count > limit ? String(masked.prefix(limit)) + "…" : String(masked)
  }

  /// - Parameter outside: unknown fields of the envelope around it.
  private static func integration(
    of fields: JSONObject, outside: JSONObject
  ) -> Result<Integration, BodyFault> {
    var received: String?
    var integration = Integration(webhookURL: "")
    var extra = outside
    /// A known field that is text; one of another kind is kept among the unknown.
    func text(_ value: JSONValue, of name: String) -> String? {
      if let text = value.text { return storable(text).bounded }
      if case .null = value { return nil }
      extra.set(name, value)
      return nil
    }
    for member in fields.members {
      let (name, value) = (member.name, member.value)
      switch name {
      case "webhookUrl": if case .string(let url) = value { received = url }
      case "id": integration.id = text(value, of: name)
      case "brainId": integration.brainID = text(value, of: name)
      case "authType": integration.authType = text(value, of: name)
      case "createdAt": integration.createdAt = text(value, of: name).map(normalizedTime)
      case "updatedAt": integration.updatedAt = text(value, of: name).map(normalizedTime)
      default: extra.set(name, value)
      }
    }
    guard let received else { return .failure(.wrongShape("The answer has no webhookUrl.")) }
    let url = storable(received).trimmingSpace()
    guard !url.isEmpty else { return .failure(.wrongShape("The answer's webhookUrl is empty.")) }
    integration.webhookURL = WebhookURL.masked(url).bounded
    integration.webhookHost = WebAddress.host(ofURL: url)?.bounded
    if !extra.isEmpty { integration.extraJSON = extra.redacted().boundedJSON }
    return .success(integration)
  }

  /// A database's text ends at the first NUL, and a URL cut there would be another one.
  private static func storable(_ text: String) -> String {
    var text = text
    return text.withUTF8({ $0.contains(0) }) ? text.replacing("\0", with: "\u{FFFD}") : text
  }

  /// RFC 3339 in UTC with milliseconds; what can't be read stays as received.
  private static func normalizedTime(_ text: String) -> String {
    Timestamp(rfc3339: text)?.description ?? text
  }
}
