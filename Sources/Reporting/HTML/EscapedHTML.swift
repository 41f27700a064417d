import Mustache

/// Escapes for HTML text and quoted attributes, byte by byte.
///
/// The library's own escaping looks at whole characters, and a quote with a combining accent is none of those it knows.
struct EscapedHTML: MustacheContentType {
  /// The name by which templates choose it.
  static let name = "ESCAPED_HTML"

  static func register() { MustacheContentTypes.register(EscapedHTML(), named: name) }

  func escapeText(_ text: String) -> String {
    guard text.utf8.contains(where: { Self.replacement(for: $0) != nil }) else { return text }
    var escaped: [UInt8] = []
    Self.append(text, to: &escaped)
    return String(decoding: escaped, as: UTF8.self)
  }

  static func append(_ text: String, to bytes: inout [UInt8]) {
    for byte in text.utf8 {
      if let replacement = replacement(for: byte) {
        bytes += replacement.utf8
      } else {
        bytes.append(byte)
      }
    }
  }

  private static func replacement(for byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    default: nil
    }
  }
}
