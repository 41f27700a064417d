import InventoryModel

/// Response headers that tell how much of a rate budget is left: `RateLimit` in the forms of its IETF drafts
/// (draft-ietf-httpapi-ratelimit-headers), `RateLimit-Remaining` and `RateLimit-Reset`, and the same with `X-`.
///
/// What can't be read is as if it were not there. Where several contradict each other, the first in this order counts.
enum RateLimitFields {
  /// One budget as a response tells of it.
  private struct Budget {
    var remaining: Int
    /// Until there is more again.
    var reset: Duration?
  }

  /// A used-up budget; nil when something is left of it, or nothing is said.
  ///
  /// - Parameter now: for resets that are given as a point in time.
  static func throttling(in response: TransportResponse, now: Timestamp) -> Throttling? {
    let budgets = budgets(in: response, now: now)
    let usedUp = budgets.filter { $0.remaining == 0 }
    guard !usedUp.isEmpty else { return nil }
    return Throttling(isRefusal: false, pause: usedUp.compactMap(\.reset).max())
  }

  private static func budgets(in response: TransportResponse, now: Timestamp) -> [Budget] {
    if let field = response.header("ratelimit") {
      let budgets = structured(field, now: now)
      if !budgets.isEmpty { return budgets }
    }
    for (remainingName, resetName) in pairs {
      if let remaining = response.header(remainingName).flatMap(number) {
        return [Budget(remaining: remaining, reset: response.header(resetName).flatMap { reset($0, now: now) })]
      }
    }
    return []
  }

  private static let pairs = [
    ("ratelimit-remaining", "ratelimit-reset"), ("x-ratelimit-remaining", "x-ratelimit-reset"),
    ("x-rate-limit-remaining", "x-rate-limit-reset"),
  ]

  /// `"day";r=0;t=50, "burst";r=7` of the later drafts, and `limit=100, remaining=0, reset=50` of an earlier one.
  private static func structured(_ field: String, now: Timestamp) -> [Budget] {
    let items = field.split(separator: ",")
    let groups = field.contains(";") ? items.map { $0.split(separator: ";") } : [items]
    return groups.compactMap { group in
      var values: [String: String] = [:]
      for parameter in group {
        let parts = parameter.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { continue }
        values[parts[0].lowercased().trimmingSpace()] = String(parts[1]).trimmingSpace()
      }
      guard let remaining = (values["r"] ?? values["remaining"]).flatMap(number) else { return nil }
      return Budget(remaining: remaining, reset: (values["t"] ?? values["reset"]).flatMap { reset($0, now: now) })
    }
  }

  private static func number(_ text: String) -> Int? {
    let text = text.trimmingSpace()
    guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  /// Seconds, or a point in time in seconds since 1970: no budget takes thirty years to fill.
  private static func reset(_ text: String, now: Timestamp) -> Duration? {
    guard let value = number(text) else { return nil }
    guard value >= 1_000_000_000 else { return .seconds(value) }
    guard value < 100_000_000_000 else { return nil }
    return .milliseconds(max(0, Int64(value) * 1000 - now.milliseconds))
  }
}
