import InventoryModel

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

    package var description: String {
      "\(variable) is not the address of an HTTP proxy; give http://HOST:PORT"
    }
  }

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
  /// `HTTPS_PROXY` applies to https; `NO_PROXY` lists hosts, domains (with their subdomains) and `*`, each with an
  /// optional port. Loopback is never asked through a proxy.
  package static func forRequests(to base: BaseURL, environment: [String: String]) throws -> Proxy? {
    guard base.isSecure, !base.isLoopback else { return nil }
    func setting(_ name: String) -> (name: String, value: String)? {
      for name in [name, name.lowercased()] {
        if let value = environment[name]?.trimmingSpace(), !value.isEmpty { return (name, value) }
      }
      return nil
    }
    guard let (name, value) = setting("HTTPS_PROXY") else { return nil }
    if let excluded = setting("NO_PROXY")?.value, isExcluded(base, by: excluded) { return nil }
    guard let address = WebAddress(value.contains("://") ? value : "http://" + value), address.scheme == "http" else {
      throw EnvironmentError(variable: name)
    }
    let credentials = address.user.map { Credentials(user: $0, password: address.password ?? "") }
    return Proxy(host: address.hostname, port: address.port ?? 80, credentials: credentials)
  }

  private static func isExcluded(_ base: BaseURL, by list: String) -> Bool {
    let host = base.hostname
    return list.lowercased().split(whereSeparator: { $0 == "," || $0 == " " }).contains { entry in
      var pattern = entry
      if let colon = pattern.lastIndex(of: ":"), !pattern[..<colon].contains(":") || pattern[..<colon].last == "]",
        let port = Int(pattern[pattern.index(after: colon)...])
      {
        guard port == base.port else { return false }
        pattern = pattern[..<colon]
      }
      if pattern == "*" { return true }
      if pattern.hasPrefix("*.") { pattern = pattern.dropFirst() }
      if pattern.hasPrefix(".") { pattern = pattern.dropFirst() }
      guard let domain = WebAddress.host(named: String(pattern)).map(WebAddress.hostname) else { return false }
      return host == domain || host.hasSuffix("." + domain)
    }
  }
}
