import DelimitedText
import InventoryModel
import TextFormats

/// A first line `sep=X`, which specifies the list's delimiter for spreadsheets.
struct SeparatorLine: Hashable {
  let delimiter: UInt8
  /// Physical line, counted from 1.
  let line: Int

  /// - Parameter text: the beginning of the list as UTF-8.
  /// - Returns: nil if the first line that is not blank is something else.
  /// - Throws: ``ListError/unusableSeparatorLine(_:)``
  init?(_ text: [UInt8], path: String) throws(ListError) {
    var line = 1
    var rest = text[...]
    while true {
      let content = rest.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
      if !String(decoding: content, as: UTF8.self).trimmingSpace().isEmpty {
        guard let named = Self.named(by: String(decoding: content, as: UTF8.self)) else { return nil }
        guard let delimiter = Self.usable(named) else { throw .unusableSeparatorLine(.init(path: path, line: line)) }
        self.delimiter = delimiter
        self.line = line
        return
      }
      rest = rest.dropFirst(content.count)
      guard let end = rest.popFirst() else { return nil }
      if end == UInt8(ascii: "\r"), rest.first == UInt8(ascii: "\n") { rest.removeFirst() }
      line += 1
    }
  }

  /// The text after `sep=`, without quotes; empty if its quotes don't match; nil if the line does not begin with
  /// `sep=`.
  private static func named(by line: String) -> String? {
    var line = line.unicodeScalars.drop { $0.isInvisible || $0 == " " }
    let isQuoted = line.first == "\""
    if isQuoted { line.removeFirst() }
    guard String(line.prefix(4)).lowercased() == "sep=" else { return nil }
    let named = String(line.dropFirst(4))
    guard isQuoted else { return named }
    guard let end = named.lastIndex(of: "\""), named[end...].dropFirst().allSatisfy(\.isWhitespace) else { return "" }
    return String(named[..<end])
  }

  /// The delimiter that the text names; nil if it can't be a delimiter.
  ///
  /// The character may be repeated, for example if the line was saved as a row.
  private static func usable(_ named: String) -> UInt8? {
    if named == "\\t" { return UInt8(ascii: "\t") }
    let trimmed = named.trimmingSpace()
    let bytes = Array((trimmed.isEmpty ? named : trimmed).utf8)
    guard let first = bytes.first, bytes.allSatisfy({ $0 == first }), first == UInt8(ascii: "\t") || first >= 0x20
    else { return nil }
    let scalar = Unicode.Scalar(first)
    let isPart = scalar == "\"" || scalar == "=" || !scalar.isASCII || scalar.properties.isAlphabetic
    return isPart || ("0"..."9").contains(scalar) || scalar.value == 0x7F ? nil : first
  }
}
