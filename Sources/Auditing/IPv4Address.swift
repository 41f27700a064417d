/// An IPv4 address, in any spelling that URL parsers and resolvers accept (WHATWG URL §3.5): `127.1`,
/// `0x7f000001`, `0177.0.0.1`, `2130706433`.
struct IPv4Address {
  let value: UInt32

  init(value: UInt32) {
    self.value = value
  }

  init?(_ host: String) {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map(Self.number)
    guard (1...4).contains(parts.count) else { return nil }
    var value: UInt64 = 0
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      // The last part fills all remaining bytes.
      let bits = isLast ? UInt64(8 * (5 - parts.count)) : 8
      guard let part, part < 1 << bits else { return nil }
      value = value << bits | part
    }
    self.value = UInt32(value)
  }

  /// Whether a host's last label is a number, so that the host can only be an address.
  static func isMeant(by host: String) -> Bool {
    let start = host.utf8.lastIndex(of: UInt8(ascii: ".")).map(host.utf8.index(after:)) ?? host.startIndex
    let last = host[start...]
    guard let first = last.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    return last.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } || number(last) != nil
  }

  /// The kind of private address; nil when it is public. The ranges are IANA's special-purpose ones (RFC 6890).
  var privateKind: String? {
    Self.ranges.first { value >> (32 - $0.length) == $0.prefix >> (32 - $0.length) }?.kind
  }

  private static let ranges: [(prefix: UInt32, length: UInt32, kind: String)] = [
    (0x0000_0000, 8, "no particular address"), (0x0A00_0000, 8, "a private address"),
    (0x6440_0000, 10, "a carrier's private address"), (0x7F00_0000, 8, "this machine"),
    (0xA9FE_0000, 16, "a link-local address"), (0xAC10_0000, 12, "a private address"),
    (0xC000_0000, 24, "a reserved address"), (0xC000_0200, 24, "a documentation address"),
    (0xC0A8_0000, 16, "a private address"), (0xC612_0000, 15, "a reserved address"),
    (0xC633_6400, 24, "a documentation address"), (0xCB00_7100, 24, "a documentation address"),
    (0xE000_0000, 3, "a multicast or reserved address"),
  ]

  /// Decimal, or octal after `0`, or hexadecimal after `0x`.
  private static func number(_ part: Substring) -> UInt64? {
    guard part.utf8.first.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) == true else { return nil }
    if part.hasPrefix("0x") || part.hasPrefix("0X") {
      return part.count == 2 ? 0 : UInt64(part.dropFirst(2), radix: 16)
    }
    return part.hasPrefix("0") && part.count > 1 ? UInt64(part, radix: 8) : UInt64(part)
  }
}
