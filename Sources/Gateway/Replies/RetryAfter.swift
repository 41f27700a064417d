import InventoryModel
import TextFormats

/// The `Retry-After` header (RFC 9110 §10.2.3), and headers that some gateways send in addition or instead.
enum RetryAfter {
  /// Names of headers, and the unit of a bare number.
  private static let headers: [(name: String, unit: Duration)] = [
    ("retry-after", .seconds(1)), ("x-retry-after", .seconds(1)),
    // Azure, and APIs that give `Retry-After` in whole seconds only.
    ("retry-after-ms", .milliseconds(1)), ("x-ms-retry-after-ms", .milliseconds(1)),
  ]

  /// The delay that the gateway asks for, the longest of several; nil when no header is valid.
  ///
  /// A point in time is compared with the response's own `Date` if there is one, since the two clocks may differ.
  static func delay(of response: TransportResponse, now: Timestamp) -> Duration? {
    response.headers.compactMap { header -> Duration? in
      guard let known = headers.first(where: { TransportResponse.isSame(header.name, $0.name) }) else { return nil }
      let date = response.header("date").flatMap { Timestamp(lenientDate: $0, currentYear: now.year) }
      return WaitText(header.value, unit: known.unit, now: date ?? now).wait
    }.max()
  }
}
