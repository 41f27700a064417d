import InventoryModel
import TextFormats

/// Finds mistakes that mustache ignores silently: an unknown name, and a partial that is missing or includes itself. It
/// also reports an unclosed section at the line where the section begins.
struct TemplateCheck {
  /// The template files by name, such as `row.mustache`.
  let files: [String: TemplateFile]
  let words: [String: Word]

  func check() throws(TemplateError) {
    var partials: [String: [String]] = [:]
    for name in files.keys.sorted() where name.hasSuffix(HTMLTemplates.ending) {
      partials[name] = try check(name)
    }
    for name in partials.keys.sorted() where leads(to: name, from: partials[name] ?? [], partials) {
      throw TemplateError(file: files[name]?.path ?? name, line: nil, reason: "this template includes itself")
    }
  }

  /// - Returns: The file names of the partials that the template includes.
  private func check(_ name: String) throws(TemplateError) -> [String] {
    guard let file = files[name] else { return [] }
    var partials: [String] = []
    var sections: [(name: String, line: Int)] = []
    for tag in TemplateTag.tags(in: file.text) {
      func mistake(_ reason: String, line: Int = tag.line) -> TemplateError {
        TemplateError(file: file.path, line: line, reason: reason)
      }
      switch tag.kind {
      // After a change of delimiters, only mustache's own error messages apply.
      case .delimiters: return partials
      case .comment: continue
      case .unfinished: throw mistake("this tag is not closed")
      case .partial:
        let partial = tag.name + HTMLTemplates.ending
        guard files[partial] != nil else { throw mistake("there is no template \(partial.visible) to include") }
        partials.append(partial)
      case .close:
        guard let section = sections.popLast() else { throw mistake("no section \(tag.name.visible) is open here") }
        guard section.name == tag.name else {
          throw mistake("close the section \(section.name.visible) of line \(section.line) first")
        }
      case .open, .value:
        guard isKnown(tag.name) else {
          throw mistake("\(tag.name.visible) is not a known name; see the list of names in the Templates guide")
        }
        guard word(tag.name)?.dependsOnNumber != true else {
          throw mistake("\(tag.name) depends on a number, and a template can't choose its plural form")
        }
        if tag.kind == .open { sections.append((tag.name, tag.line)) }
      }
    }
    if let section = sections.last {
      throw TemplateError(
        file: file.path, line: section.line, reason: "the section \(section.name.visible) is never closed")
    }
    return partials
  }

  private func isKnown(_ name: String) -> Bool {
    if name.hasPrefix("words.") { return word(name) != nil }
    return name == "." || name == "words" || TemplateNames.all.contains(name)
  }

  /// The word with a name such as `words.line`.
  private func word(_ name: String) -> Word? { name.hasPrefix("words.") ? words[String(name.dropFirst(6))] : nil }

  private func leads(to name: String, from partials: [String], _ all: [String: [String]]) -> Bool {
    var open = partials
    var seen: Set<String> = []
    while let next = open.popLast() {
      if next == name { return true }
      if seen.insert(next).inserted { open += all[next] ?? [] }
    }
    return false
  }
}

/// A tag of a mustache template.
struct TemplateTag: Equatable {
  enum Kind { case value, open, close, partial, comment, delimiters, unfinished }

  let kind: Kind
  let name: String
  /// Counted from 1.
  let line: Int

  static func tags(in text: String) -> [TemplateTag] {
    var tags: [TemplateTag] = []
    var line = 1
    // Counts line breaks in bytes, because CR and LF together are one Character in Swift.
    var rest = text.utf8[...]
    let (opening, closing) = (Array("{{".utf8), Array("}}".utf8))
    while let start = rest.firstRange(of: opening) {
      line += breaks(rest[..<start.lowerBound])
      let after = rest[start.upperBound...]
      guard let end = after.firstRange(of: closing) else {
        return tags + [TemplateTag(kind: .unfinished, name: "", line: line)]
      }
      tags.append(tag(String(decoding: after[..<end.lowerBound], as: UTF8.self), line: line))
      line += breaks(after[..<end.lowerBound])
      rest = after[end.upperBound...]
    }
    return tags
  }

  private static func breaks(_ bytes: Substring.UTF8View) -> Int { bytes.count { $0 == UInt8(ascii: "\n") } }

  private static func tag(_ content: String, line: Int) -> TemplateTag {
    let kind: Kind =
      switch content.first {
      case "#", "^": .open
      case "/": .close
      case ">": .partial
      case "!": .comment
      case "=", "%", "<", "$": .delimiters
      default: .value
      }
    let name = content.drop { "#^/>&{".contains($0) || $0.isWhitespace }.prefix { !$0.isWhitespace && $0 != "}" }
    // The argument of a function such as `uppercased(name)`.
    let argument = name.split(separator: "(").last.map { String($0.prefix { $0 != ")" }) } ?? ""
    return TemplateTag(kind: kind, name: argument, line: line)
  }
}

/// A mistake in a template or a language file, with its location.
package struct TemplateError: Error, CustomStringConvertible {
  /// The path of the file, or the name of a built-in file.
  package let file: String
  /// The line, counted from 1; nil if the mistake concerns the whole file.
  package let line: Int?
  package let reason: String

  package var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(reason)" }
}
