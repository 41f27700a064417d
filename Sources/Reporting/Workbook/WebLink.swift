import InventoryModel

/// Decides whether a cell may link to a webhook.
enum WebLink {
  /// Maximum length of a link in Excel, in characters.
  static let longest = 2079

  /// Whether a cell may link to a webhook. The link must work exactly as it is written.
  ///
  /// The rules are stricter than a browser's: Excel offers to repair a workbook with a URL that it can't parse, and the
  /// library treats some words (`internal:`) specially, wherever they occur in the URL.
  static func isLink(_ webhook: Webhook) -> Bool {
    let url = webhook.url
    guard webhook.isLink, url.utf8.count <= longest, url.utf8.allSatisfy(isPlain), hasWholeEscapes(url) else {
      return false
    }
    let folded = url.lowercased()
    guard !["internal:", "external:", "mailto:"].contains(where: folded.contains) else { return false }
    guard url.utf8.count(where: { $0 == UInt8(ascii: "#") }) <= 1, url.last != "#" else { return false }
    return isAuthority(webhook.authority)
  }

  /// Whether the byte may appear unescaped in a URL (RFC 3986 §2); `|` is allowed too.
  private static func isPlain(_ byte: UInt8) -> Bool { !"\"<>[]\\^`{}".utf8.contains(byte) }

  private static func hasWholeEscapes(_ text: String) -> Bool {
    text.utf8.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
      part.count >= 2 && part.prefix(2).allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    }
  }

  /// Whether the text is a host name or an IPv4 address, with an optional port. A URL with a user is rejected: its user
  /// is masked, so the link would not work.
  private static func isAuthority(_ text: Substring) -> Bool {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let host = parts.first, (1...253).contains(host.utf8.count), host.first != "." else { return false }
    guard host.utf8.allSatisfy({ isLetterOrDigit($0) || "-._".utf8.contains($0) }), !host.contains("..") else {
      return false
    }
    return parts.count == 1 || (UInt16(parts[1]).map { $0 > 0 } ?? false)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
