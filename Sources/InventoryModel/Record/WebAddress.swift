import FoundationEssentials

/// An absolute URL, split into the parts that this program uses.
///
/// The base URL, the proxy, the entries of `NO_PROXY`, the webhooks and the patterns of `--allow-host` are all parsed
/// by this type, so that they agree on what a host is.
package struct WebAddress: Hashable, Sendable {
  /// The scheme in lower case, without the colon.
  package let scheme: String
  /// The host in lower case. An internationalized name is in its ASCII form (RFC 5890); an IPv6 address is in brackets.
  package let host: String
  /// From 1 to 65535; nil when the URL has none.
  package let port: Int?
  /// Percent-encoded; may be empty.
  package let path: String
  /// The decoded user name; nil if the URL has no userinfo.
  package let user: String?
  /// The decoded password; nil if the URL has none.
  package let password: String?
  package let hasQueryOrFragment: Bool

  /// nil when the text is not an absolute URL with a host.
  package init?(_ text: String) {
    guard let parts = URLComponents(string: text), let scheme = parts.scheme, let host = Self.host(of: parts) else {
      return nil
    }
    if let port = parts.port, !(1...65_535).contains(port) { return nil }
    self.scheme = scheme.lowercased()
    self.host = host
    port = parts.port
    path = parts.percentEncodedPath
    user = parts.user
    password = parts.password
    hasQueryOrFragment = parts.query != nil || parts.fragment != nil
  }

  /// The host as DNS resolves it: an IPv6 address without its brackets.
  package var hostname: String { Self.hostname(host) }

  /// Whether the host is this machine, independent of DNS: `localhost`, `127.0.0.0/8` or `::1`.
  package var isLoopback: Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let octets = host.split(separator: ".", omittingEmptySubsequences: false)
    return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
  }

  /// The host of a URL, as ``host``; nil when the URL is not an absolute one with a host.
  package static func host(ofURL url: String) -> String? { WebAddress(url)?.host }

  /// A host name or address without a URL around it, as ``host``; nil when the text is neither.
  package static func host(named name: String) -> String? {
    // A single colon precedes a port.
    let isAddress = name.utf8.count { $0 == UInt8(ascii: ":") } > 1 && !name.utf8.starts(with: "[".utf8)
    let syntax = "/\\?#@%".utf8
    guard !name.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F || syntax.contains($0) }) else { return nil }
    guard let address = WebAddress("https://\(isAddress ? "[\(name)]" : name)/"), address.port == nil else {
      return nil
    }
    return address.host
  }

  /// A host without the brackets of an IPv6 address.
  package static func hostname(_ host: String) -> String { host.filter { $0 != "[" && $0 != "]" } }

  private static func host(of parts: URLComponents) -> String? {
    guard let host = parts.encodedHost?.lowercased(), !host.isEmpty else { return nil }
    return host
  }
}
