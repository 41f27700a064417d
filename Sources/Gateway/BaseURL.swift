import FoundationEssentials
import InventoryModel

/// Where the gateway is: https, or http on this machine.
package struct BaseURL: Hashable, Sendable, CustomStringConvertible {
  /// Why a text can't be the base URL. The text itself may hold a password and is not shown.
  package enum Invalid: Error, CustomStringConvertible {
    case notAURL
    case notSecure(host: String)
    case hasUserInfo
    case hasQuery

    package var description: String {
      switch self {
      case .notAURL: "The base URL is not an address such as \(BaseURL.documented)"
      case .notSecure(let host): "The base URL must be https: keys would travel in the clear to \(host)"
      case .hasUserInfo: "The base URL must not hold a user or password; give credentials by file or environment"
      case .hasQuery: "The base URL must not have a query or fragment"
      }
    }
  }

  /// The documented gateway.
  package static let documented = "https://gateway.jelou.ai/jelouapi/v1"

  /// Without a slash at the end.
  package let description: String
  /// Lower case; an IPv6 address in brackets.
  package let host: String
  package let port: Int
  package let isSecure: Bool
  /// Host and port as the `Host` header has them (RFC 9110 §7.2).
  package let authority: String
  /// Percent-encoded, without a slash at the end.
  private let path: String

  package init(_ text: String) throws(Invalid) {
    guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      let host = parts.encodedHost?.lowercased(), !host.isEmpty, scheme == "https" || scheme == "http",
      (1...65_535).contains(parts.port ?? 443)
    else { throw .notAURL }
    guard parts.user == nil, parts.password == nil else { throw .hasUserInfo }
    guard parts.query == nil, parts.fragment == nil else { throw .hasQuery }
    self.host = host
    isSecure = scheme == "https"
    let standardPort = isSecure ? 443 : 80
    port = parts.port ?? standardPort
    authority = port == standardPort ? host : "\(host):\(port)"
    guard isSecure || Self.isLoopback(host) else { throw .notSecure(host: host) }
    var path = parts.percentEncodedPath
    while path.hasSuffix("/") { path.removeLast() }
    self.path = path
    description = "\(scheme)://\(host)\(parts.port.map { ":\($0)" } ?? "")\(path)"
  }

  /// Whether the gateway is on this machine.
  package var isLoopback: Bool { Self.isLoopback(host) }

  /// ``host`` as it is looked up: an IPv6 address without its brackets.
  package var hostname: String { host.filter { !"[]".contains($0) } }

  /// Where at the gateway a project's integration is. The ID becomes one path segment, whatever is in it.
  package func target(ofProject id: String) -> String {
    path + "/external-support/" + PercentEncoding.encode(id)
  }

  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let octets = host.split(separator: ".", omittingEmptySubsequences: false)
    return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
  }
}
