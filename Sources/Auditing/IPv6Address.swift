#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An IPv6 address (RFC 4291 §2.2).
struct IPv6Address {
  /// 16 bytes in network order.
  private let bytes: [UInt8]

  /// - Parameter host: with or without brackets and zone.
  init?(_ host: String) {
    var text = host[...]
    if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
    var address = in6_addr()
    guard inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &address) == 1 else { return nil }
    bytes = withUnsafeBytes(of: &address) { Array($0) }
  }

  /// The kind of private address; nil when it is public. One that contains an IPv4 address is as public as that.
  var privateKind: String? {
    if bytes.dropLast().allSatisfy({ $0 == 0 }), bytes[15] <= 1 {
      return bytes[15] == 1 ? "this machine" : "no particular address"
    }
    if let embedded { return embedded.privateKind }
    switch (bytes[0], bytes[1]) {
    case (0xFE, 0x80...0xBF): return "a link-local address"
    case (0xFE, 0xC0...0xFF): return "a private address"
    case (0xFC...0xFD, _): return "a unique local address"
    case (0xFF, _): return "a multicast address"
    case (0x20, 0x01) where bytes[2] == 0x0D && bytes[3] == 0xB8: return "a documentation address"
    default: return nil
    }
  }

  /// The IPv4 address contained in a mapped, compatible, translated (RFC 6052) or 6to4 (RFC 3056) one.
  private var embedded: IPv4Address? {
    let start: Int
    if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == bytes[11], bytes[10] == 0 || bytes[10] == 0xFF {
      start = 12
    } else if bytes[..<4] == [0x00, 0x64, 0xFF, 0x9B], bytes[4..<12].allSatisfy({ $0 == 0 }) {
      start = 12
    } else if bytes[..<2] == [0x20, 0x02] {
      start = 2
    } else {
      return nil
    }
    return IPv4Address(value: bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) })
  }
}
