import InventoryModel
import TextFormats

/// What makes a 404 mean that a project has no integration.
package enum NotFoundCriterion: String, CaseIterable, Sendable {
  /// The gateway's own answer in the body.
  case body
  /// The status alone, whoever sends it.
  case status
}

/// Distinguishes the gateway's own 404 from that of a router, a proxy or a web server.
struct NotFoundReading {
  /// Characters of a router's message in an error message.
  private static let quoted = 200
  /// Fields that hold the message, most specific first.
  private static let messageFields = ["message", "error", "detail", "title"]
  /// Sent by Spring Boot in place of a message.
  private static let placeholder = "no message available"
  /// Beginnings of words that name a project or its integration, in the languages of the gateway's users.
  static let subjects = ["project", "proyecto", "projeto", "integra", "brain"]

  let response: TransportResponse
  /// Masked in everything that is quoted.
  let secrets: SecretMask

  /// Why the 404 is not the gateway's own; nil when it is.
  var objection: RowError? {
    found.map { what in
      RowError(
        .notTheGateway,
        "This 404 is not from the gateway: its body is \(what). Check --base-url, or use --not-found-by status.")
    }
  }

  /// What was found instead of the gateway's answer.
  private var found: String? {
    switch BodyKind(of: response, secrets: secrets) {
    case .overLimit: return "longer than \(IntegrationGateway.bodyLimit / 1_048_576) MiB"
    case .empty: return "empty"
    case .html: return "an HTML page"
    case .notJSON(let what): return what
    case .nameTwice: return "JSON with a duplicate field"
    case .json(.object(let fields)): return found(in: fields)
    case .json: return "JSON that is not an object"
    }
  }

  private func found(in fields: JSONObject) -> String? {
    let candidates = Self.messageFields.map { Self.texts(of: fields[$0]) }.filter { !$0.isEmpty }
    guard let message = candidates.first else { return "JSON without a message" }
    if candidates.joined().contains(where: Self.isAboutProject) { return nil }
    let rules = message.map { RouterMessage.matching($0) }
    guard let first = rules[0], !rules.contains(where: { $0 == nil }) else { return nil }
    let said = IntegrationBody.prose(secrets.masked(message.joined(separator: "; ")), limit: Self.quoted)
    return "a routing error of \(first.sender): \"\(said)\""
  }

  /// A string, or the strings of an array; without empty ones and placeholders.
  private static func texts(of value: JSONValue?) -> [String] {
    let texts: [String] =
      switch value {
      case .array(let parts)?: parts.compactMap(\.text)
      case let value?: [value.text].compactMap { $0 }
      case nil: []
      }
    return texts.filter { text in
      text.contains { $0.isLetter || $0.isNumber } && text.lowercased() != placeholder
    }
  }

  /// Whether the text names the project or its integration, other than within a path.
  private static func isAboutProject(_ text: String) -> Bool {
    // A router can name one only within a path, which may contain spaces: `No static resource x/my project.`
    guard !text.utf8.contains(UInt8(ascii: "/")) || RouterMessage.matching(text) == nil else { return false }
    return text.lowercased().split(whereSeparator: \.isWhitespace).contains { word in
      !word.contains("/") && word.split { !$0.isLetter }.contains { part in subjects.contains { part.hasPrefix($0) } }
    }
  }
}
