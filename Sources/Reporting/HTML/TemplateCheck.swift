import InventoryModel
import TextFormats

/// Finds the mistakes that mustache passes over in silence: a name that nothing stands for, a partial that is not there
/// or includes itself; and tells of a section left open where it begins.
struct TemplateCheck {
  /// By their names, `row.mustache` for instance.
  let files: [String: TemplateFile]
  /// Keys of the words.
  let words: Set<String>

  func check() throws(TemplateError) {
    var partials: [String: [String]] = [:]
    for name in files.keys.sorted() where name.hasSuffix(HTMLTemplates.ending) {
      partials[name] = try check(name)
    }
    for name in partials.keys.sorted() where leads(to: name, from: partials[name] ?? [], partials) {
      throw TemplateError(file: files[name]?.path ?? name, line: nil, reason: "this template includes itself")
    }
  }

  /// - Returns: names of the partials' files.
  private func check(_ name: String) throws(TemplateError) -> [String] {
    guard let file = files[name] else { return [] }
    var partials: [String] = []
    var sections: [(name: String, line: Int)] = []
    for tag in TemplateTag.tags(in: file.text) {
      func mistake(_ reason: String, line: Int = tag.line) -> TemplateError {
        TemplateError(file: file.path, line: line, reason: reason)
      }
      switch tag.kind {
      // Whoever changes the signs of a tag is left to mustache's own errors.
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
          throw mistake("the section \(section.name.visible) of line \(section.line) is to be closed first")
        }
      case .open, .value:
        guard isKnown(tag.name) else {
          throw mistake("nothing is called \(tag.name.visible); the README lists what there is")
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
    if name.hasPrefix("words.") { return words.contains(String(name.dropFirst(6))) }
    return name == "." || name == "words" || TemplateNames.all.contains(name)
  }

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
    // Line breaks are counted in bytes: to Swift, CR and LF together are one character.
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
    // What a function such as `uppercased(name)` is applied to.
    let argument = name.split(separator: "(").last.map { String($0.prefix { $0 != ")" }) } ?? ""
    return TemplateTag(kind: kind, name: argument, line: line)
  }
}

/// What is wrong with a template or a language's file, and where.
package struct TemplateError: Error, CustomStringConvertible {
  /// Path, or for a built-in one its name.
  package let file: String
  /// Counted from 1; nil when it is about the whole file.
  package let line: Int?
  package let reason: String

  package var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(reason)" }
}
