import InventoryModel
import Testing
import TextFormats

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
    "is never undercut where it is plainly meant, in whatever form",
    arguments: [
      // Decimals, signs, quotes, exponents. Rounded up to milliseconds.
      ("6.5", 6.5), ("6.0", 6), ("6.", 6), (".5", 0.5), ("0.0001", 0.001), ("6,5", 6.5), ("+6", 6), ("\"6\"", 6),
      ("'6.5'", 6.5), ("1e3", 1000), ("4.0E+04", 40_000),
      // Units.
      ("6s", 6), ("6 s", 6), ("6 seconds", 6), ("6.5 sec.", 6.5), ("1500ms", 1.5), ("1500 milliseconds", 1.5),
      ("2m", 120), ("2 min", 120), ("1m30s", 90), ("1 minute, 30 seconds", 90), ("1h", 3600), ("2 hours", 7200),
      ("1 day", 86_400), ("PT6S", 6), ("PT1M30.5S", 90.5), ("P1DT1H", 90_000), ("6 segundos", 6), ("10 Minutos", 600),
      // Several, of which the longest counts, or what may be one or several.
      ("5, 10", 10), ("10,5", 10.5), ("10;5", 10), ("120; reason=load", 120), ("soon, 5", 5), ("1,000", 1000),
      ("-1, 7", 7), ("Thu, 15 Jan 2026 10:31:00 GMT, 7", 60), ("7, Thu, 15 Jan 2026 10:31:00 GMT", 60),
      // Points in time, in seconds or milliseconds since 1970.
      ("1768473090", 90), ("1768473090.5", 90.5), ("1768473090000", 90), ("1768472999", 0),
      // Dates in forms of their own: another zone or none, no weekday, ISO 8601.
      ("2026-01-15T10:31:00Z", 60), ("2026-01-15T10:31:00.250Z", 60.25), ("2026-01-15 10:31:00", 60),
      ("2026-01-15T07:31:00-03:00", 60), ("2026-01-15T10:31Z", 60), ("20260115T103100Z", 60),
      ("2026-01-15T12:31:00+0200", 60), ("\"2026-01-15T10:31:00Z\"", 60),
      ("15 Jan 2026 10:31:00 GMT", 60), ("Thu, 15 Jan 2026 10:31:00", 60), ("Thu, 15 Jan 2026 10:31:00 UTC", 60),
      ("Thu, 15 Jan 2026 10:31:00 +0000", 60), ("Thu, 15 Jan 2026 05:31:00 EST", 60),
      ("thu, 15 jan 2026 10:31:00 gmt", 60), ("Thu, 15 January 2026 10:31:00 GMT", 60),
      ("Thu Jan 15 10:31:00 UTC 2026", 60), ("15-Jan-2026 10:31:00 GMT", 60), ("Thu, 15 Jan 2026 10:31 GMT", 60),
    ] as [(String, Double)])
  func plain(value: String, seconds: Double) {
    #expect(delay([("Retry-After", value)]) == .milliseconds(Int((seconds * 1000).rounded())))
    #expect(delay([("X-Retry-After", value)]) == .milliseconds(Int((seconds * 1000).rounded())))
  }

  @Test("is also read in milliseconds, and the longest of all headers counts")
  func milliseconds() {
    for name in ["retry-after-ms", "x-ms-retry-after-ms"] {
      #expect(delay([(name, "6500")]) == .milliseconds(6500))
      #expect(delay([(name, "2500.2")]) == .milliseconds(2501))
      #expect(delay([(name, "6500"), ("retry-after", "6")]) == .milliseconds(6500))
      #expect(delay([(name, "6500"), ("retry-after", "7")]) == .seconds(7))
      #expect(delay([(name, "soon")]) == nil)
    }
  }

  @Test(
    "that makes no sense is as good as none",
    arguments: [
      "", " ", "-1", "-6.5", "soon", "later, maybe", "5 apples", "٥", "Thu, 31 Feb 2026 10:31:00 GMT", "nan",
      "infinity", "Thu, 15 Jan 2026 25:31:00 GMT", "Thu, 15 Jan 2026 10:31:00 Mars", "2026-02-30T10:31:00Z",
      "2026-01-15", "0x10", "--5", "5 5", "1.2.3", "s", "P", "PT", "\"", "\"\"", ",", ";",
    ])
  func senseless(value: String) {
    #expect(delay([("retry-after", value)]) == nil)
  }

  @Test(
    "may be missing where a refusal says when its budget is full again",
    arguments: [
      ([("RateLimit-Reset", "6")], 6), ([("X-RateLimit-Reset", "6.5")], 6.5), ([("X-RateLimit-Reset", "1m0s")], 60),
      ([("X-RateLimit-Reset", "1768473090")], 90), ([("x-rate-limit-reset", "2026-01-15T10:31:00Z")], 60),
      ([("RateLimit-Remaining", "0"), ("RateLimit-Reset", "2.5")], 2.5),
      ([("RateLimit-Reset", "60"), ("Retry-After", "6.5")], 6.5),
      ([("RateLimit-Remaining", "5"), ("RateLimit-Reset", "60")], nil), ([("RateLimit-Reset", "soon")], nil),
    ] as [([(String, String)], Double?)])
  func reset(headers: [(String, String)], seconds: Double?) {
    let response = TransportResponse(
      status: 429, headers: headers.map { (name: $0.0, value: $0.1) }, body: .complete([]))
    let reply = ResponseReading(response: response, secrets: .none).reply(now: Self.now)
    #expect(reply.retry == (seconds.map { .after(.milliseconds(Int($0 * 1000))) } ?? .backoff))
  }

  @Test("may not be there")
  func missing() {
    #expect(delay([]) == nil)
    #expect(delay([("date", "Thu, 15 Jan 2026 10:30:30 GMT")]) == nil)
  }
}
