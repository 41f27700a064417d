extension String {
  /// The text with every character that could control or deceive a terminal written as `\u{…}`: control characters,
  /// escapes, line breaks, bidirectional overrides and invisible marks.
  package var visible: String {
    // Fast path: most texts are plain, and this runs for every cell of a report.
    var copy = self
    if copy.withUTF8({ utf8 in utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }) { return self }
    guard unicodeScalars.contains(where: \.isInvisible) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      if scalar.isInvisible {
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension Unicode.Scalar {
  /// Whether the character is a control character: C0, DEL or C1.
  package var isControl: Bool { properties.generalCategory == .control }

  /// Whether the character prints nothing by itself: control characters, format marks (zero-width, bidirectional, soft
  /// hyphen, BOM), line and paragraph separators, and fillers.
  package var isInvisible: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: value == 0x3164 || value == 0x115F || value == 0x1160 || value == 0xFFA0 || value == 0x034F
    }
  }
}

extension String {
  /// Returns the text, cut to at most this many Unicode scalars. If it is cut, the last scalar is an ellipsis.
  package func clipped(to length: Int) -> String {
    // A text has no more scalars than bytes.
    guard utf8.count > length, unicodeScalars.count > length else { return self }
    return String(unicodeScalars.prefix(length - 1)) + "…"
  }
}
