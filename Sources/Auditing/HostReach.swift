import InventoryModel
import TextFormats

/// Finds out why a host can't be reached from the public internet.
enum HostReach {
  /// Domains that are never public (RFC 6761, RFC 6762, RFC 8375), and one that ICANN reserves for private use.
  private static let reservedDomains = ["localhost", "local", "internal", "test", "invalid", "home.arpa"]
    .map { (name: $0, suffix: "." + $0) }

  /// The last labels of ``reservedDomains``.
  private static let reservedLabels = reservedDomains.map { Array($0.name.utf8.split(separator: dot).last ?? []) }
  private static let dot = UInt8(ascii: ".")

  /// The kind of private place that a host names; nil when it is public.
  ///
  /// - Parameter host: in lower case, without port; an IPv6 address with or without its brackets.
  static func privateKind(of host: String) -> String? {
    if isOrdinary(host) { return nil }
    var host = PercentEncoding.decode(host[...]) ?? host
    if host.hasSuffix(".") { host.removeLast() }
    if host.hasPrefix("[") || host.utf8.contains(UInt8(ascii: ":")) {
      return IPv6Address(host).map(\.privateKind) ?? "no valid address"
    }
    if IPv4Address.isMeant(by: host) { return IPv4Address(host).map(\.privateKind) ?? "no valid address" }
    guard host.utf8.contains(UInt8(ascii: ".")) else {
      return host == "localhost" ? "this machine" : "a name without a domain"
    }
    return reservedDomains.first { host.hasSuffix($0.suffix) || host == $0.name }.map { "a name under \($0.suffix)" }
  }

  /// Whether a host is a plain name, as nearly all are: nothing to decode, and no domain that ends like a reserved one.
  /// This runs for every row.
  private static func isOrdinary(_ host: String) -> Bool {
    var host = host
    return host.withUTF8 { bytes in
      let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
      let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
      guard
        bytes.allSatisfy({ letters.contains($0) || $0 == dot || digits.contains($0) || $0 == UInt8(ascii: "-") }),
        let start = bytes.lastIndex(of: dot).map({ $0 + 1 }), start < bytes.count, letters.contains(bytes[start])
      else { return false }
      return !reservedLabels.contains { $0.elementsEqual(bytes[start...]) }
    }
  }
}
