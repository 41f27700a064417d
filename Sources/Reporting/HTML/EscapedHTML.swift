import Mustache

/// Escapes text for HTML content and quoted attributes, byte by byte.
///
/// The library's own escaping works on whole characters, so it misses a quote that is followed by a combining accent.
struct EscapedHTML: MustacheContentType {
  /// The name that templates use for this content type.
  static let name = "ESCAPED_HTML"

  static func register() { MustacheContentTypes.register(EscapedHTML(), named: name) }

  func escapeText(_ text: String) -> String {
    guard text.utf8.contains(where: { Self.replacement(for: $0) != nil }) else { return text }
    var escaped: [UInt8] = []
    Self.append(text, to: &escaped)
    return String(decoding: escaped, as: UTF8.self)
  }

  static func append(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { text in
      var start = 0
      for (index, byte) in text.enumerated() {
        guard let replacement = replacement(for: byte) else { continue }
        bytes += text[start..<index]
        bytes += UnsafeBufferPointer(start: replacement.utf8Start, count: replacement.utf8CodeUnitCount)
        start = index + 1
      }
      bytes += text[start...]
    }
  }

  private static func replacement(for byte: UInt8) -> StaticString? {
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
