import InventoryModel

/// A pattern of allowed hosts: one host by its name, or `*.example.com` for every name below a domain.
package struct HostPattern: Hashable, Sendable {
  private let host: String
  private let isForSubdomains: Bool

  /// nil for a text that is not a host name: a URL, a host with a port, a `*` elsewhere than at the start.
  package init?(_ text: String) {
    isForSubdomains = text.hasPrefix("*.")
    let name = isForSubdomains ? String(text.dropFirst(2)) : text
    guard !name.contains("*"), let host = WebAddress.host(named: name) else { return nil }
    self.host = Self.withoutFinalDot(host)
    guard !self.host.isEmpty else { return nil }
  }

  /// - Parameter host: in lower case.
  func matches(_ host: String) -> Bool {
    let host = Self.withoutFinalDot(host)
    return isForSubdomains ? host.hasSuffix("." + self.host) : host == self.host
  }

  private static func withoutFinalDot(_ host: String) -> String { host.hasSuffix(".") ? String(host.dropLast()) : host }
}
