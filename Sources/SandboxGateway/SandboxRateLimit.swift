import Synchronization

/// The sandbox's rate limit: a token bucket that holds one second's worth of tokens, but at least one.
package struct SandboxRateLimit: Hashable, Sendable {
  /// Time between two tokens.
  package let interval: Duration

  package init(interval: Duration) {
    self.interval = interval
  }

  /// Number of requests that are accepted at once after a pause.
  var burst: Int { max(1, Int((.seconds(1) / interval).rounded())) }

  /// The result of one request to the bucket, with the response headers that report its state.
  struct Standing {
    var isRefused: Bool
    /// `RateLimit` fields (draft-ietf-httpapi-ratelimit-headers-07), and `Retry-After` if the request is refused.
    var headers: [String: String]
  }

  /// The state of a bucket.
  final class Bucket: Sendable {
    private let limit: SandboxRateLimit
    /// Time at which the bucket will be full: the theoretical arrival time of the generic cell rate algorithm.
    private let full: Mutex<ContinuousClock.Instant>

    init(_ limit: SandboxRateLimit) {
      self.limit = limit
      full = Mutex(.now)
    }

    /// Takes a token if one is available.
    func take(at now: ContinuousClock.Instant = .now) -> Standing {
      let capacity = limit.interval * limit.burst
      return full.withLock { full in
        full = max(full, now)
        let isRefused = full + limit.interval - now > capacity
        if !isRefused { full += limit.interval }
        let remaining = Int((capacity - (full - now)) / limit.interval)
        // Whole seconds until the next token is available.
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
