import InventoryModel

/// Hosts that webhooks may have: one by its name, or `*.example.com` for every name below it.
package struct HostPattern: Hashable, Sendable {
  private let host: String
  private let isForSubdomains: Bool

  /// nil for what is no host name: a URL, a port, a `*` elsewhere than in front.
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
