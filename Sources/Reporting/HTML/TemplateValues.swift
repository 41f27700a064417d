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
