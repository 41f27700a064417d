import InventoryModel
import TextFormats

/// The kind of a response's body, whatever the status.
enum BodyKind {
  case overLimit
  /// Nothing but white space.
  case empty
  /// A web page.
  case html
  /// With a description of what it is instead.
  case notJSON(String)
  /// JSON in which an object has a field twice.
  case nameTwice
  case json(JSONValue)

  init(of response: TransportResponse, secrets: SecretMask) {
    guard case .complete(let body) = response.body else {
      self = .overLimit
      return
    }
    guard !Self.isBlank(body) else {
      self = .empty
      return
    }
    do {
      self = .json(try JSONReader.value(in: body))
    } catch {
      self = error == .nameTwice ? .nameTwice : Self.notJSON(body, in: response, secrets)
    }
  }

  static func isBlank(_ body: [UInt8]) -> Bool { body.allSatisfy(isWhitespace) }

  /// The body's text is never quoted: in damaged JSON, secrets can't be recognized.
  private static func notJSON(_ body: [UInt8], in response: TransportResponse, _ secrets: SecretMask) -> BodyKind {
    if let coding = response.header("content-encoding"), coding.lowercased() != "identity" {
      return .notJSON("compressed")
    }
    let type = response.header("content-type")?.split(separator: ";").first.map {
      String(secrets.masked(String($0)).prefix(100))
    }
    if type?.lowercased() == "text/html" || isHTML(body) { return .html }
    return .notJSON(
      type.map { $0.hasSuffix("json") ? "malformed JSON" : "\($0) instead of JSON" } ?? "not JSON")
  }

  private static func isHTML(_ body: [UInt8]) -> Bool {
    let start = body.drop(while: isWhitespace).prefix(9).map { $0 | 0x20 }
    return ["<!doctype", "<html"].contains { tag in start.starts(with: tag.utf8.map { $0 | 0x20 }) }
  }

  private static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }
}
