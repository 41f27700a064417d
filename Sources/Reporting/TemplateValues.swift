import Mustache

/// What a template's names stand for.
///
/// A type of its own rather than a dictionary: the library asks each value of what kind it is, and the answer for a
/// generic type takes most of a row's time.
struct TemplateValues: MustacheParent {
  private var values: [String: Any] = [:]

  func child(named name: String) -> Any? { values[name] }

  mutating func set(_ name: String, _ text: String) { values[name] = TemplateText(text) }

  /// A section that is rendered once for each.
  mutating func set(_ name: String, _ list: [TemplateValues]) { values[name] = list }

  /// A section that is rendered within these values.
  mutating func set(_ name: String, _ group: TemplateValues) { values[name] = group }

  /// A section that is rendered or left out.
  mutating func set(_ name: String, _ flag: Bool) { values[name] = flag }
}

/// A text; as a section it is one that is left out when the text is empty.
struct TemplateText: MustacheCustomRenderable, MustacheParent {
  let renderText: String

  init(_ text: String) {
    renderText = text
  }

  var isNull: Bool { renderText.isEmpty }

  func child(named name: String) -> Any? { nil }
}

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
    for byte in text.utf8 {
      if let replacement = Self.replacement(for: byte) {
        escaped += Array(replacement.utf8)
      } else {
        escaped.append(byte)
      }
    }
    return String(decoding: escaped, as: UTF8.self)
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
