import Synchronization

/// How many requests the sandbox takes in a time: a token bucket that holds a second's worth, or a single one where a second
/// has none.
package struct SandboxRateLimit: Hashable, Sendable {
  /// Between two tokens.
  package let interval: Duration

  package init(interval: Duration) {
    self.interval = interval
  }

  /// Requests that are taken together after a pause.
  var burst: Int { max(1, Int((.seconds(1) / interval).rounded())) }

  /// What the bucket holds, as its headers say it.
  struct Standing {
    var isRefused: Bool
    /// `RateLimit` fields (draft-ietf-httpapi-ratelimit-headers-07), and `Retry-After` in a refusal.
    var headers: [String: String]
  }

  /// The state of a bucket.
  final class Bucket: Sendable {
    private let limit: SandboxRateLimit
    /// When the bucket would be full; the generic cell rate algorithm's theoretical arrival time.
    private let full: Mutex<ContinuousClock.Instant>

    init(_ limit: SandboxRateLimit) {
      self.limit = limit
      full = Mutex(.now)
    }

    /// Takes a token if there is one.
    func take(at now: ContinuousClock.Instant = .now) -> Standing {
      let capacity = limit.interval * limit.burst
      return full.withLock { full in
        full = max(full, now)
        let isRefused = full + limit.interval - now > capacity
        if !isRefused { full += limit.interval }
        let remaining = Int((capacity - (full - now)) / limit.interval)
        // Whole seconds, until there is a token again.
        let wait = Self.wholeSeconds(max(.zero, full + limit.interval - now - capacity))
        var headers = [
          "ratelimit-limit": "\(limit.burst)", "ratelimit-remaining": "\(remaining)", "ratelimit-reset": "\(wait)",
          "ratelimit-policy": "\(limit.burst);w=\(max(1, Self.wholeSeconds(capacity)))",
        ]
        if isRefused { headers["retry-after"] = "\(max(1, wait))" }
        return Standing(isRefused: isRefused, headers: headers)
      }
    }

    private static func wholeSeconds(_ duration: Duration) -> Int { Int((duration / .seconds(1)).rounded(.up)) }
  }
}
