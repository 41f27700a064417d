import InventoryModel

/// The `Retry-After` header (RFC 9110 §10.2.3).
enum RetryAfter {
  /// How long the gateway asks to wait; nil without the header or when it makes no sense. Of several, the longest.
  ///
  /// A date is taken against the response's own `Date` where it has one, since the two clocks may differ.
  static func delay(of response: TransportResponse, now: Timestamp) -> Duration? {
    response.headers.filter { TransportResponse.isSame($0.name, "retry-after") }
      .compactMap { delay(in: $0.value.trimmingSpace(), of: response, now: now) }
      .max()
  }

  private static func delay(in value: String, of response: TransportResponse, now: Timestamp) -> Duration? {
    if !value.isEmpty, value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      // More digits than a number holds is still a wait without end.
      return .seconds(Int64(value).map { min($0, 1_000_000_000) } ?? 1_000_000_000)
    }
    guard let date = Timestamp(httpDate: value, currentYear: now.year) else { return nil }
    let reference = response.header("date").flatMap { Timestamp(httpDate: $0, currentYear: now.year) } ?? now
    return .milliseconds(max(0, date.milliseconds - reference.milliseconds))
  }
}
