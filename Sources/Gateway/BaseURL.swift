import InventoryModel
import TextFormats

/// The gateway's base URL: HTTPS, or HTTP on this machine.
package struct BaseURL: Hashable, Sendable, CustomStringConvertible {
  /// Why a text is not a valid base URL. The text itself may contain a password and is not shown.
  package enum Invalid: Error, CustomStringConvertible {
    case notAURL
    case notSecure(host: String)
    case hasUserInfo
    case hasQuery

    package var description: String {
      switch self {
      case .notAURL: "The base URL is not valid; use a URL such as \(BaseURL.documented)"
      case .notSecure(let host): "The base URL must use HTTPS; over HTTP, keys would be sent unencrypted to \(host)"
      case .hasUserInfo:
        "The base URL must not contain a user name or password; put credentials in a file or the environment"
      case .hasQuery: "The base URL must not contain a query or fragment"
      }
    }
  }

  /// The URL of the documented gateway.
  package static let documented = "https://gateway.jelou.ai/jelouapi/v1"

  /// The path segment between the base and a project's ID.
  static let segment = "external-support"

  /// The URL without a trailing slash.
  package let description: String
  package let port: Int
  package let isSecure: Bool
  /// Host and port in the form of the `Host` header (RFC 9110 §7.2).
  package let authority: String
  private let address: WebAddress
  /// Percent-encoded, without a trailing slash.
  private let path: String

  package init(_ text: String) throws(Invalid) {
    guard let address = WebAddress(text), address.scheme == "https" || address.scheme == "http" else {
      throw .notAURL
    }
    guard address.user == nil, address.password == nil else { throw .hasUserInfo }
    guard !address.hasQueryOrFragment else { throw .hasQuery }
    self.address = address
    isSecure = address.scheme == "https"
    let standardPort = isSecure ? 443 : 80
    port = address.port ?? standardPort
    authority = port == standardPort ? address.host : "\(address.host):\(port)"
    guard isSecure || address.isLoopback else { throw .notSecure(host: address.host) }
    var path = address.path
    while path.hasSuffix("/") { path.removeLast() }
    self.path = path
    description = "\(address.scheme)://\(address.host)\(address.port.map { ":\($0)" } ?? "")\(path)"
  }

  /// See ``WebAddress/host``.
  package var host: String { address.host }

  /// See ``WebAddress/hostname``.
  package var hostname: String { address.hostname }

  /// Whether the gateway is on this machine.
  package var isLoopback: Bool { address.isLoopback }

  /// The path of a project's integration at the gateway. The ID becomes one path segment, whatever characters it
  /// contains.
  package func target(ofProject id: String) -> String {
    path + "/" + Self.segment + "/" + PercentEncoding.encode(id)
  }
}
