import InventoryModel
import TextFormats

/// Finds out why a host can't be reached from the public internet.
enum HostReach {
  /// Domains that are never public (RFC 6761, RFC 6762, RFC 8375), and one that ICANN reserves for private use.
  private static let reservedDomains = ["localhost", "local", "internal", "test", "invalid", "home.arpa"]
    .map { (name: $0, suffix: "." + $0) }

  /// The kind of private place that a host names; nil when it is public.
  ///
  /// - Parameter host: in lower case, without port; an IPv6 address with or without its brackets.
  static func privateKind(of host: String) -> String? {
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
}
