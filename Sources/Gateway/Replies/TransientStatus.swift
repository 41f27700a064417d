/// Error statuses that are retried: those about the attempt, the load or an intermediate server, not about the request.
///
/// For a status without an entry the class decides (RFC 9110 §15): 4xx is the request's fault and permanent, 5xx is the
/// server's and may pass. A response with `Retry-After` is always retried, see ``RetryAfter``.
enum TransientStatus {
  struct Entry: Sendable {
    let status: Int
    let isTransient: Bool
    /// The specification or documentation.
    let source: String
  }

  /// The exceptions to the rule of their class, and the registered 5xx.
  static let table = [
    Entry(status: 408, isTransient: true, source: "RFC 9110 §15.5.9: the client may repeat the request"),
    Entry(status: 421, isTransient: true, source: "RFC 9110 §15.5.20: may be retried over another connection"),
    Entry(status: 423, isTransient: true, source: "RFC 4918 §11.3: locked, until it is unlocked"),
    Entry(status: 425, isTransient: true, source: "RFC 8470 §5.2: too early; to be retried once the handshake is over"),
    Entry(status: 429, isTransient: true, source: "RFC 6585 §4: too many requests in a time"),
    Entry(status: 460, isTransient: true, source: "AWS Application Load Balancer: its client closed the connection"),
    Entry(status: 499, isTransient: true, source: "nginx: its client, a proxy in between, closed the connection"),
    Entry(status: 500, isTransient: true, source: "RFC 9110 §15.6.1: an unexpected condition"),
    Entry(status: 501, isTransient: false, source: "RFC 9110 §15.6.2: the server does not know the method"),
    Entry(status: 502, isTransient: true, source: "RFC 9110 §15.6.3: an invalid answer from the server behind"),
    Entry(status: 503, isTransient: true, source: "RFC 9110 §15.6.4: overload or maintenance"),
    Entry(status: 504, isTransient: true, source: "RFC 9110 §15.6.5: no answer in time from the server behind"),
    Entry(status: 505, isTransient: false, source: "RFC 9110 §15.6.6: the server does not speak this HTTP version"),
    Entry(status: 506, isTransient: false, source: "RFC 2295 §8.1: the server's configuration contradicts itself"),
    Entry(status: 507, isTransient: true, source: "RFC 4918 §11.5: no space; considered to be temporary"),
    Entry(status: 508, isTransient: false, source: "RFC 5842 §7.2: the resource contains itself"),
    Entry(status: 509, isTransient: true, source: "Apache and cPanel: over the bandwidth limit, for now"),
    Entry(status: 510, isTransient: false, source: "RFC 2774 §7: the request lacks an extension"),
    Entry(status: 511, isTransient: false, source: "RFC 6585 §6: a network's login page is in between"),
    Entry(status: 520, isTransient: true, source: "Cloudflare: an unexpected answer from the origin"),
    Entry(status: 521, isTransient: true, source: "Cloudflare: the origin refuses connections"),
    Entry(status: 522, isTransient: true, source: "Cloudflare: connecting to the origin timed out"),
    Entry(status: 523, isTransient: true, source: "Cloudflare: the origin is unreachable"),
    Entry(status: 524, isTransient: true, source: "Cloudflare: the origin did not answer in time"),
    Entry(status: 525, isTransient: true, source: "Cloudflare: the TLS handshake with the origin failed"),
    Entry(status: 526, isTransient: false, source: "Cloudflare: the origin's certificate is invalid"),
    Entry(status: 530, isTransient: true, source: "Cloudflare: an error 1xxx, such as one of its DNS"),
    Entry(status: 561, isTransient: false, source: "AWS Application Load Balancer: logging in failed"),
  ]

  private static let byStatus = Dictionary(uniqueKeysWithValues: table.map { ($0.status, $0.isTransient) })

  static func contains(_ status: Int) -> Bool { byStatus[status] ?? (500...599).contains(status) }
}
