package import Gateway
import InventoryModel
import TextFormats

/// A proxy that opens tunnels by CONNECT.
package struct Proxy: Hashable, Sendable {
  package struct Credentials: Hashable, Sendable {
    package var user: String
    package var password: String
  }

  /// A name or an address, without brackets.
  package var host: String
  package var port: Int
  package var credentials: Credentials?

  /// The environment names a proxy that can't be used; its value may hold a password and is not shown.
  package struct EnvironmentError: Error, CustomStringConvertible {
    package var variable: String
    /// Set where the address is that of a proxy of another kind.
    package var scheme: String?

    package var description: String {
      let problem =
        scheme.map { "names a proxy that is reached by \($0), which is not supported" }
        ?? "is not the address of an HTTP proxy"
      return "\(variable) \(problem); give http://HOST:PORT"
    }
  }

  /// Where an address names no port: curl's, and so that of the many tools that are built on it.
  private static let defaultPort = 1080
  /// Kinds of proxies that other programs know.
  private static let otherSchemes = ["https", "socks", "socks4", "socks4a", "socks5", "socks5h"]

  /// What the environment says of proxies, without their user and password, by the variable's name.
  package static func addresses(in environment: [String: String]) -> [(variable: String, address: String)] {
    ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"].compactMap { name in
      environment[name].map { value in
        (name, value.unicodeScalars.lastIndex(of: "@").map { String(value.unicodeScalars[$0...]) } ?? value)
      }
    }
  }

  /// The proxy that the environment sets for a base URL, or nil for a direct connection.
  ///
  /// `HTTPS_PROXY` applies to https; `NO_PROXY` lists what is reached directly, see ``ProxyExclusions``. Of two spellings
  /// of a variable, the one in lower case counts, as it does for curl. Loopback is never asked through a proxy.
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
    // In a user or a password, an @ is percent-encoded.
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
  /// The failure of a connection that was to be made to a proxy instead of the gateway.
  func met(at proxy: Proxy) -> TransportFailure {
    switch self {
    case .dns: .proxyUnknown(host: proxy.host)
    case .connectionRefused: .proxyRefused(host: proxy.host, port: proxy.port)
    default: self
    }
  }
}
