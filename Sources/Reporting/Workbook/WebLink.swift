import InventoryModel

/// Webhooks that a cell may link to.
enum WebLink {
  /// Characters that Excel allows.
  static let longest = 2079

  /// Whether a cell may link to a webhook, which can be followed exactly as it is written.
  ///
  /// Stricter than a browser: Excel offers to repair a workbook with a URL that it can't read, and the library gives
  /// some words a meaning of their own (`internal:`), wherever in the URL they are.
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

  /// What may stand in a URL as it is (RFC 3986 §2), and `|`.
  private static func isPlain(_ byte: UInt8) -> Bool { !"\"<>[]\\^`{}".utf8.contains(byte) }

  private static func hasWholeEscapes(_ text: String) -> Bool {
    text.utf8.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
      part.count >= 2 && part.prefix(2).allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    }
  }

  /// A name or an IPv4 address, and a port. A URL with a user leads nowhere, because the user is masked.
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
