/// A message, normalized: lower case, single spaces, without quotation marks, closing punctuation and a leading status
/// such as `Error 404:`.
struct RouterText {
  /// A part of a pattern.
  enum Part {
    case text([Character])
    /// One of several alternatives.
    case choice([[Part]])
    /// A URL, or a path that begins with a slash or has the path segment of all requests. It may be decoded, and so
    /// have spaces.
    case path
  }

  private static let quotationMarks: Set<Character> = ["\"", "'", "`", "´", "‘", "’", "“", "”", "«", "»"]
  private static let closing: Set<Character> = [".", "!", ";", ",", ":", "…"]
  /// Words that only repeat the status when they are the first ones.
  private static let status: Set<Substring> = ["error", "http", "status", "code", "404", "-", "–"]

  private let characters: [Character]

  init(_ text: String) {
    let plain = text.lowercased().filter { !Self.quotationMarks.contains($0) }
    // `NOT_FOUND`, but no path.
    let hasPath = plain.contains("/")
    let words = plain.split { $0.isWhitespace || ($0 == "_" && !hasPath) }
    let rest = words.drop { word in
      Self.status.contains(word.last.map(Self.closing.contains) == true ? word.dropLast() : word)
    }
    var characters = Array(rest.isEmpty ? "404" : rest.joined(separator: " "))
    while let last = characters.last, Self.closing.contains(last) { characters.removeLast() }
    self.characters = characters
  }

  /// Whether the parts match the whole text.
  func matches(_ parts: [Part]) -> Bool { matches(parts[...], at: 0) { $0 == characters.count } }

  /// - Parameter rest: whether the text after the parts matches, too.
  private func matches(_ parts: ArraySlice<Part>, at start: Int, _ rest: (Int) -> Bool) -> Bool {
    guard let part = parts.first else { return rest(start) }
    let following = parts.dropFirst()
    switch part {
    case .text(let text):
      return characters[start...].starts(with: text) && matches(following, at: start + text.count, rest)
    case .choice(let choices):
      return choices.contains { choice in matches(choice[...], at: start) { matches(following, at: $0, rest) } }
    case .path:
      let word = characters[start...].prefix { $0 != " " }
      guard Self.isPath(word) else { return false }
      return (start + 1...characters.count).reversed().contains { matches(following, at: $0, rest) }
    }
  }

  private static func isPath(_ word: ArraySlice<Character>) -> Bool {
    if word.first == "/" { return true }
    let word = String(word)
    return word.contains("://") || word.contains(BaseURL.segment + "/")
  }

  /// Parses a pattern: `{a|b}` is a choice, also within another one, and `*` a path.
  static func parts(of pattern: String) -> [Part] {
    var rest = Array(pattern)[...]
    return parts(&rest)
  }

  /// Parses until the end of the pattern, or of the alternative.
  private static func parts(_ rest: inout ArraySlice<Character>) -> [Part] {
    var parts: [Part] = []
    while let character = rest.first, character != "|", character != "}" {
      rest.removeFirst()
      switch character {
      case "*": parts.append(.path)
      case "{":
        var choices = [Self.parts(&rest)]
        while rest.popFirst() == "|" { choices.append(Self.parts(&rest)) }
        parts.append(.choice(choices))
      default:
        if case .text(let text)? = parts.last {
          parts[parts.count - 1] = .text(text + [character])
        } else {
          parts.append(.text([character]))
        }
      }
    }
    return parts
  }
}
