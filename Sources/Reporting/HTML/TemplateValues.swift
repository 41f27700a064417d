import Mustache

/// The values of a template's names.
///
/// This is a separate type rather than a dictionary because the library checks the type of each value. For a generic
/// type, that check would account for most of a row's rendering time.
struct TemplateValues: MustacheParent {
  private var values: [String: Any] = [:]

  func child(named name: String) -> Any? { values[name] }

  mutating func set(_ name: String, _ text: String) { values[name] = TemplateText(text) }

  /// Sets a section that is rendered once for each element.
  mutating func set(_ name: String, _ list: [TemplateValues]) { values[name] = list }

  /// Sets a section that is rendered with these values.
  mutating func set(_ name: String, _ group: TemplateValues) { values[name] = group }

  /// Sets a section that is rendered or omitted.
  mutating func set(_ name: String, _ flag: Bool) { values[name] = flag }
}

/// A text. If it is used as a section, the section is omitted when the text is empty.
struct TemplateText: MustacheCustomRenderable, MustacheParent {
  let renderText: String

  init(_ text: String) {
    renderText = text
  }

  var isNull: Bool { renderText.isEmpty }

  func child(named name: String) -> Any? { nil }
}
