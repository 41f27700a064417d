import Gateway
import InventoryModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The hosts that are reached without a proxy: the entries of `NO_PROXY`, separated by commas or white space.
///
/// As in curl, an entry is a host, a domain with its subdomains (with or without a leading dot), an IP address, a
/// network (`192.0.2.0/24`), or `*`. In addition, an entry may end with a port, a domain may start with `*.`, and an
/// IPv6 address may be in brackets.
struct ProxyExclusions {
  private struct Entry {
    var pattern: Pattern
    /// nil for any port.
    var port: Int?
  }

  private enum Pattern {
    case everything
    /// In lowercase, without a leading or trailing dot.
    case domain(String)
    case network(AddressBytes, bits: Int)
  }

  private let entries: [Entry]

  init(_ list: String) {
    entries = list.lowercased().split { $0 == "," || $0.isWhitespace }.compactMap(Self.entry)
  }

  /// - Parameter host: in lowercase, without brackets.
  func contains(host: String, port: Int) -> Bool {
    let address = AddressBytes(host)
    let name = Self.withoutLastDot(host[...])
    return entries.contains { entry in
      guard entry.port ?? port == port else { return false }
      return switch entry.pattern {
      case .everything: true
      // Names are compared label by label; an address has no subdomains.
      case .domain(let domain): address == nil && (name == domain || name.hasSuffix("." + domain))
      case .network(let network, let bits): address?.isIn(network, bits: bits) ?? false
      }
    }
  }

  private static func entry(_ text: Substring) -> Entry? {
    if let pattern = pattern(text) { return Entry(pattern: pattern) }
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      let pattern = pattern(text[..<colon])
    else { return nil }
    return Entry(pattern: pattern, port: port)
  }

  private static func pattern(_ text: Substring) -> Pattern? {
    if text == "*" { return .everything }
    if let network = network(text) { return network }
    var domain = text.hasPrefix("*.") ? text.dropFirst() : text
    if domain.hasPrefix(".") { domain = domain.dropFirst() }
    guard !domain.contains(":"), let host = WebAddress.host(named: String(withoutLastDot(domain))) else { return nil }
    return .domain(host)
  }

  /// Parses an address, or a network with its prefix length (RFC 4632 §3.1).
  private static func network(_ text: Substring) -> Pattern? {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard var host = parts.first else { return nil }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard let address = AddressBytes(String(host)) else { return nil }
    guard parts.count == 2 else { return .network(address, bits: address.bits) }
    guard let bits = Int(parts[1]), (0...address.bits).contains(bits) else { return nil }
    return .network(address, bits: bits)
  }

  private static func withoutLastDot(_ name: Substring) -> Substring { name.hasSuffix(".") ? name.dropLast() : name }
}

/// The bytes of an IP address: 4 or 16.
private struct AddressBytes {
  private let bytes: [UInt8]

  var bits: Int { bytes.count * 8 }

  /// nil when the text is not an IP address (`inet_pton(3)`).
  init?(_ text: String) {
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: count)
      if inet_pton(family, text, &bytes) == 1 {
        self.bytes = bytes
        return
      }
    }
    return nil
  }

  func isIn(_ network: AddressBytes, bits: Int) -> Bool {
    guard bytes.count == network.bytes.count else { return false }
    return zip(bytes, network.bytes).enumerated().allSatisfy { index, pair in
      let covered = min(8, max(0, bits - index * 8))
      let mask = UInt8(truncatingIfNeeded: 0xFF00 >> covered)
      return pair.0 & mask == pair.1 & mask
    }
  }
}
