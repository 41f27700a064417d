package import Gateway
import InventoryModel
import TextFormats

/// An HTTP proxy that opens tunnels with CONNECT.
package struct Proxy: Hashable, Sendable {
  package struct Credentials: Hashable, Sendable {
    package var user: String
    package var password: String
  }

  /// A host name or IP address, without brackets.
  package var host: String
  package var port: Int
  package var credentials: Credentials?

  /// The environment sets a proxy that can't be used. The value may contain a password and is not shown.
  package struct EnvironmentError: Error, CustomStringConvertible {
    package var variable: String
    /// The scheme of a proxy of another kind; nil when the value is not the address of a proxy.
    package var scheme: String?

    package var description: String {
      let problem =
        scheme.map { "names a proxy of type \($0), which is not supported" }
        ?? "is not the URL of an HTTP proxy"
      return "\(variable) \(problem); use http://HOST:PORT"
    }
  }

  /// The port when an address has none: curl's default, and so that of the many tools that are built on it.
  private static let defaultPort = 1080
  /// The schemes of proxies that other programs support.
  private static let otherSchemes = ["https", "socks", "socks4", "socks4a", "socks5", "socks5h"]

  /// The proxy variables of the environment, with their values without user and password.
  package static func addresses(in environment: [String: String]) -> [(variable: String, address: String)] {
    ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"].compactMap { name in
      environment[name].map { value in
        (name, value.unicodeScalars.lastIndex(of: "@").map { String(value.unicodeScalars[$0...]) } ?? value)
      }
    }
  }

  /// The proxy that the environment sets for a base URL, or nil for a direct connection.
  ///
  /// `HTTPS_PROXY` applies to HTTPS. `NO_PROXY` lists the hosts that are reached directly; see ``ProxyExclusions``. If
  /// both spellings of a variable are set, the lowercase one applies, as in curl. Localhost is never reached through a
  /// proxy.
  ///
  /// - Throws: ``EnvironmentError``.
  package static func forRequests(to base: BaseURL, environment: [String: String]) throws -> Proxy? {
    guard base.isSecure, !base.isLoopback else { return nil }
    func setting(_ name: String) -> (name: String, value: String)? {
      for name in [name.lowercased(), name] {
        if let value = environment[name]?.trimmingSpace(), !value.isEmpty { return (name, value) }
      }
      return nil
    }
    guard let (name, value) = setting("HTTPS_PROXY") else { return nil }
    if let list = setting("NO_PROXY")?.value, ProxyExclusions(list).contains(host: base.hostname, port: base.port) {
      return nil
    }
    let address = WebAddress(value.contains("://") ? value : "http://" + value)
    // In a user or password, an @ must be percent-encoded.
    guard let address, address.scheme == "http", value.utf8.count(where: { $0 == UInt8(ascii: "@") }) <= 1 else {
      throw EnvironmentError(
        variable: name, scheme: address.flatMap { otherSchemes.contains($0.scheme) ? $0.scheme : nil })
    }
    let credentials =
      address.user == nil && address.password == nil
      ? nil : Credentials(user: address.user ?? "", password: address.password ?? "")
    return Proxy(host: address.hostname, port: address.port ?? defaultPort, credentials: credentials)
  }
}

extension TransportFailure {
  /// Converts the failure of a connection to a proxy instead of the gateway, so that it names the proxy.
  func met(at proxy: Proxy) -> TransportFailure {
    switch self {
    case .dns: .proxyUnknown(host: proxy.host)
    case .connectionRefused: .proxyRefused(host: proxy.host, port: proxy.port)
    default: self
    }
  }
}
