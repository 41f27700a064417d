import Synchronization

/// When a request that was let go was really sent, told by whoever sends it. Times are those of the ``Pacer``.
package final class Departure: Sendable {
  /// In nanoseconds; until the request is sent, `pending`.
  private let sent = Atomic(pending)
  private let allowed: Int64

  private static let pending = Int64.max

  /// - Parameter allowed: when the request was let go.
  init(allowed: Duration) { self.allowed = allowed.nanoseconds }

  /// The request has been sent, by this time.
  package func note(at time: Duration) { sent.store(time.nanoseconds, ordering: .relaxed) }

  /// The request is over, sent or not.
  func end() { _ = sent.compareExchange(expected: Self.pending, desired: allowed, ordering: .relaxed) }

  /// nil while it is on its way.
  var time: Duration? {
    let sent = sent.load(ordering: .relaxed)
    return sent == Self.pending ? nil : .nanoseconds(sent)
  }
}

extension Duration {
  /// Rounded up.
  fileprivate var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + (attoseconds + 999_999_999) / 1_000_000_000
  }
}
