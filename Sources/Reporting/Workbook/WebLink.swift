/// Addresses that a cell may lead to.
enum WebLink {
  /// Characters that Excel allows.
  static let longest = 2079

  /// Whether a text is an absolute http or https address that can be followed exactly as it is written.
  ///
  /// Stricter than a browser: Excel offers to mend a workbook with an address that it can't read, and the library gives
  /// some words a meaning of their own (`internal:`), wherever in the address they stand.
  static func isLink(_ text: String) -> Bool {
    guard text.utf8.count <= longest, text.utf8.allSatisfy(isPlain), hasWholeEscapes(text) else { return false }
    let folded = text.lowercased()
    guard let scheme = ["https://", "http://"].first(where: folded.hasPrefix) else { return false }
    guard !["internal:", "external:", "mailto:"].contains(where: folded.contains) else { return false }
    guard text.utf8.count(where: { $0 == UInt8(ascii: "#") }) <= 1, text.last != "#" else { return false }
    return isAuthority(folded.dropFirst(scheme.count).prefix { !"/?#".contains($0) })
  }

  /// What may stand in an address as it is (RFC 3986 §2), and `|`.
  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x21...0x7E).contains(byte) && !"\"<>[]\\^`{}".utf8.contains(byte)
  }

  private static func hasWholeEscapes(_ text: String) -> Bool {
    text.utf8.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
      part.count >= 2 && part.prefix(2).allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    }
  }

  /// A name or an IPv4 address, and a port. With a user it leads nowhere: the user is masked.
  private static func isAuthority(_ text: Substring) -> Bool {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let host = parts.first, (1...253).contains(host.utf8.count), host.first != "." else { return false }
    guard host.utf8.allSatisfy({ isLetterOrDigit($0) || "-._".utf8.contains($0) }), !host.contains("..") else {
      return false
    }
    return parts.count == 1 || (UInt16(parts[1]).map { $0 > 0 } ?? false)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
