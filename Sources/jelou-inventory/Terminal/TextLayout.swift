/// Lays text out in a number of columns. Lines break at spaces only: a path or an ID that is longer than a line is not
/// cut.
struct TextLayout {
  /// nil for lines of any length.
  let width: Int?

  /// The text as lines, of which the second and further ones begin with as many spaces as `indent` says.
  ///
  /// - Parameter start: what the first line begins with; it is never broken.
  func lines(_ text: String, start: String = "", indent: Int = 0) -> [String] {
    guard let width else { return [start + text] }
    var lines: [String] = []
    var (line, length, isEmpty) = (start, start.count, true)
    for word in text.split(separator: " ") {
      if !isEmpty, length + 1 + word.count > width {
        lines.append(line)
        (line, length, isEmpty) = (String(repeating: " ", count: indent), indent, true)
      }
      if !isEmpty { (line, length) = (line + " ", length + 1) }
      (line, length, isEmpty) = (line + word, length + word.count, false)
    }
    return lines + [line]
  }

  /// Works like ``lines(_:start:indent:)``, but a command at the end of the text has a line of its own and is not broken,
  /// so that it can be copied.
  func paragraph(_ text: String, start: String = "", indent: Int = 0) -> [String] {
    guard width != nil, let colon = text.firstRange(of: ": jelou-inventory ") else {
      return lines(text, start: start, indent: indent)
    }
    let command = text.index(colon.lowerBound, offsetBy: 2)
    return lines(String(text[..<command]), start: start, indent: indent) + ["  " + text[command...]]
  }
}
