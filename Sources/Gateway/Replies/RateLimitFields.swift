import InventoryModel
import TextFormats

/// Response headers about a rate limit: `RateLimit` and `RateLimit-Policy` in the forms of their IETF drafts
/// (draft-ietf-httpapi-ratelimit-headers), `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`, and the same
/// with `X-`.
///
/// Several lines of a field are one list (RFC 9110 §5.3). Values that can't be read are ignored. Where fields
/// contradict each other, the first in this order counts.
enum RateLimitFields {
  /// The state of one limit.
  private struct Budget {
    var remaining: Int
    /// Until requests are allowed again.
    var reset: Duration?
  }

  /// The limit in the headers; nil when requests are left, or the headers don't say, and no policy states a rate.
  ///
  /// - Parameter now: for resets that are given as a point in time.
  static func throttling(in response: TransportResponse, now: Timestamp) -> Throttling? {
    guard response.headers.contains(where: { isRelated($0.name) }) else { return nil }
    let usedUp = budgets(in: response, now: now).filter { $0.remaining == 0 }
    let allowed = allowedRate(in: response)
    guard !usedUp.isEmpty || allowed != nil else { return nil }
    return Throttling(
      isRefusal: false, isUsedUp: !usedUp.isEmpty, pause: usedUp.compactMap(\.reset).max(), allowedRate: allowed)
  }

  private static func isRelated(_ name: String) -> Bool {
    let start = name.utf8.prefix(6).map { $0 | 0x20 }
    return start.starts(with: "rate".utf8) || start == Array("x-rate".utf8)
  }

  /// The members of a field's lists on all its lines; empty where it is missing.
  private static func members(_ name: String, in response: TransportResponse) -> [String] {
    response.headers.filter { TransportResponse.isSame($0.name, name) }.flatMap { parts(of: $0.value, by: ",") }
  }

  /// The reset of a refusal that does not state what is left; nil when there is none.
  static func reset(in response: TransportResponse, now: Timestamp) -> Duration? {
    guard budgets(in: response, now: now).isEmpty else { return nil }
    return families.lazy.flatMap { members($0 + "reset", in: response) }.compactMap { reset($0, now: now) }.first
  }

  private static func budgets(in response: TransportResponse, now: Timestamp) -> [Budget] {
    let budgets = structured(members("ratelimit", in: response), now: now)
    if !budgets.isEmpty { return budgets }
    for family in families {
      let resets = members(family + "reset", in: response).map { reset($0, now: now) }
      let budgets = members(family + "remaining", in: response).enumerated().compactMap { index, text in
        number(text).map { remaining in
          Budget(remaining: remaining, reset: resets.indices.contains(index) ? resets[index] : resets.last ?? nil)
        }
      }
      if !budgets.isEmpty { return budgets }
    }
    return []
  }

  private static let families = ["ratelimit-", "x-ratelimit-", "x-rate-limit-"]

  /// `"day";r=0;t=50, "burst";r=7` of the later drafts, and `limit=100, remaining=0, reset=50` of an earlier one.
  private static func structured(_ members: [String], now: Timestamp) -> [Budget] {
    let hasParameters = members.contains { parts(of: $0, by: ";").count > 1 }
    return (hasParameters ? members.map { parts(of: $0, by: ";") } : [members]).compactMap { group in
      let values = parameters(group)
      guard let remaining = (values["r"] ?? values["remaining"]).flatMap(number) else { return nil }
      return Budget(remaining: remaining, reset: (values["t"] ?? values["reset"]).flatMap { reset($0, now: now) })
    }
  }

  /// Requests per second by the strictest policy: `"day";q=100;w=60`, or `100;w=60` of earlier drafts, which also
  /// allowed it in `RateLimit-Limit`. nil when no policy has a window.
  private static func allowedRate(in response: TransportResponse) -> Double? {
    (["ratelimit-policy"] + families.map { $0 + "limit" }).lazy.compactMap { name in
      members(name, in: response).compactMap { member in
        let parts = parts(of: member, by: ";")
        let values = parameters(parts)
        guard let quota = (values["q"] ?? parts.first).flatMap(number), quota > 0,
          let window = values["w"].flatMap(number), window > 0
        else { return nil }
        return Double(quota) / Double(window)
      }.min()
    }.first
  }

  private static func parameters(_ parts: [String]) -> [String: String] {
    parts.reduce(into: [:]) { values, part in
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2 else { return }
      values[sides[0].lowercased().trimmingSpace()] = String(sides[1]).trimmingSpace()
    }
  }

  /// The parts between separators that are not within quotes (RFC 9651 §3.3.3).
  private static func parts(of text: String, by separator: Character) -> [String] {
    var parts = [""]
    var isQuoted = false
    var isEscaped = false
    for character in text {
      if character == separator, !isQuoted {
        parts.append("")
        continue
      }
      if character == "\"", !isEscaped { isQuoted.toggle() }
      isEscaped = character == "\\" && isQuoted && !isEscaped
      parts[parts.count - 1].append(character)
    }
    return parts
  }

  private static func number(_ text: String) -> Int? {
    let text = text.trimmingSpace()
    guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  /// nil for a reset that is thirty years away, which is no duration.
  private static func reset(_ text: String, now: Timestamp) -> Duration? {
    WaitText(text, now: now).wait.flatMap { $0 < .seconds(1_000_000_000) ? $0 : nil }
  }
}
