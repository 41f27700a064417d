import InventoryModel

/// The `Retry-After` header (RFC 9110 §10.2.3), and those that some gateways send in addition to it or in its place.
enum RetryAfter {
  /// Names of headers, and what a bare number in them counts.
  private static let headers: [(name: String, unit: Duration)] = [
    ("retry-after", .seconds(1)), ("x-retry-after", .seconds(1)),
    // Azure, and APIs that give `Retry-After` in whole seconds only.
    ("retry-after-ms", .milliseconds(1)), ("x-ms-retry-after-ms", .milliseconds(1)),
  ]

  /// How long the gateway asks to wait; nil without a header or when none makes sense. Of several, the longest.
  ///
  /// A point in time is taken against the response's own `Date` where it has one, since the two clocks may differ.
  static func delay(of response: TransportResponse, now: Timestamp) -> Duration? {
    response.headers.compactMap { header -> Duration? in
      guard let known = headers.first(where: { TransportResponse.isSame(header.name, $0.name) }) else { return nil }
      let date = response.header("date").flatMap { Timestamp(lenientDate: $0, currentYear: now.year) }
      return WaitText(header.value, unit: known.unit, now: date ?? now).wait
    }.max()
  }
}
