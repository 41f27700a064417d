import InventoryModel
import Testing

@testable import Gateway

@Suite("Retry-After")
struct RetryAfterTests {
  /// 2026-01-15T10:30:00Z
  private static let now = Timestamp(milliseconds: 1_768_473_000_000)

  private func delay(_ headers: [(name: String, value: String)]) -> Duration? {
    RetryAfter.delay(of: TransportResponse(status: 503, headers: headers, body: .complete([])), now: Self.now)
  }

  @Test(
    "in seconds is taken at its word",
    arguments: [
      ("0", 0), ("1", 1), (" 7 ", 7), ("007", 7), ("120", 120), ("1000000000", 1_000_000_000),
      ("5000000000", 1_000_000_000), ("123456789012345678901234567890", 1_000_000_000),
    ])
  func seconds(value: String, seconds: Int) {
    #expect(delay([("Retry-After", value)]) == .seconds(seconds))
  }

  @Test("given more than once is kept by the longest, junk aside")
  func several() {
    #expect(delay([("retry-after", "1"), ("Retry-After", "3"), ("retry-after", "soon")]) == .seconds(3))
    #expect(delay([("retry-after", "soon")]) == nil)
  }

  @Test(
    "as a date is taken against the response's own clock",
    arguments: [
      ("Thu, 15 Jan 2026 10:31:00 GMT", "Thu, 15 Jan 2026 10:30:30 GMT", 30),
      ("Thu, 15 Jan 2026 10:31:00 GMT", "Thu, 15 Jan 2026 12:00:00 GMT", 0),
      ("Thu, 15 Jan 2026 12:31:00 GMT", "Thu, 15 Jan 2026 12:30:00 GMT", 60),
      ("Thursday, 15-Jan-26 10:31:00 GMT", "Thu, 15 Jan 2026 10:30:30 GMT", 30),
      ("Thu Jan 15 10:31:00 2026", "Thu, 15 Jan 2026 10:30:30 GMT", 30),
    ])
  func date(value: String, date: String, seconds: Int) {
    #expect(delay([("date", date), ("retry-after", value)]) == .seconds(seconds))
  }

  @Test("as a date is taken against this machine's clock when the response has none", arguments: [nil, "yesterday"])
  func dateAlone(date: String?) {
    let headers = date.map { [(name: "date", value: $0)] } ?? []
    #expect(delay(headers + [("retry-after", "Thu, 15 Jan 2026 10:31:30 GMT")]) == .seconds(90))
  }

  @Test("as a past date means no wait")
  func past() {
    #expect(delay([("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]) == .zero)
  }

  @Test(
    "that makes no sense is as good as none",
    arguments: [
      "", " ", "-1", "1.5", "+5", "1e3", "soon", "5, 10", "5 seconds", "٥", "Thu, 31 Feb 2026 10:31:00 GMT",
      "Thu, 15 Jan 2026 25:31:00 GMT", "Thu, 15 Jan 2026 10:31:00", "2026-01-15T10:31:00Z", "0x10",
    ])
  func senseless(value: String) {
    #expect(delay([("retry-after", value)]) == nil)
  }

  @Test("may not be there")
  func missing() {
    #expect(delay([]) == nil)
    #expect(delay([("date", "Thu, 15 Jan 2026 10:30:30 GMT")]) == nil)
  }
}
