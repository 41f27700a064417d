import InventoryModel
import Testing

@testable import Gateway

@Suite("Rate limit headers")
struct RateLimitFieldsTests {
  private static let now = Timestamp(milliseconds: 1_800_000_000_000)

  private func throttling(_ headers: [(name: String, value: String)], status: Int = 200) -> Throttling? {
    let response = TransportResponse(
      status: status, headers: headers, body: .complete(Array(#"{"webhookUrl":"https://h.example"}"#.utf8)))
    return ResponseReading(response: response, secrets: .none).reply(now: Self.now).throttling
  }

  @Test(
    "that say the budget is used up, and until when",
    arguments: [
      ([("RateLimit-Remaining", "0"), ("RateLimit-Reset", "30")], 30),
      ([("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", " 7 ")], 7),
      ([("x-rate-limit-remaining", "0")], nil),
      ([("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1800000012")], 12),
      ([("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1799999999")], 0),
      ([("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "soon")], nil),
      ([("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "99999999999999")], nil),
      ([("RateLimit", #""default";r=0;t=50"#)], 50),
      ([("RateLimit", #""burst";r=9;t=1, "day";r=0;t=3600"#)], 3600),
      ([("RateLimit", "limit=100, remaining=0, reset=5")], 5),
      ([("RateLimit", "junk"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "3")], 3),
    ] as [([(String, String)], Int?)])
  func usedUp(headers: [(String, String)], seconds: Int?) {
    let throttling = throttling(headers.map { (name: $0.0, value: $0.1) })
    #expect(throttling == Throttling(isRefusal: false, pause: seconds.map { .seconds($0) }))
  }

  @Test(
    "that leave something, are not there or make no sense change nothing",
    arguments: [
      [], [("RateLimit-Remaining", "1")], [("RateLimit-Remaining", "")], [("RateLimit-Remaining", "-1")],
      [("RateLimit-Remaining", "0.0")], [("RateLimit-Reset", "30")], [("RateLimit", "0")], [("RateLimit", ";;;")],
      [("RateLimit", #""default";r=1;t=50"#), ("X-RateLimit-Remaining", "0")],
      [("RateLimit-Remaining", "5"), ("X-RateLimit-Remaining", "0")],
      [("RateLimit-Remaining", "99999999999999999999999")],
    ] as [[(String, String)]])
  func nothing(headers: [(String, String)]) {
    #expect(throttling(headers.map { (name: $0.0, value: $0.1) }) == nil)
  }

  @Test("give way to Retry-After in a refusal, which slows down even without them")
  func refusals() {
    #expect(throttling([], status: 429) == Throttling(isRefusal: true))
    #expect(
      throttling([("retry-after", "5"), ("ratelimit-remaining", "0"), ("ratelimit-reset", "60")], status: 429)
        == Throttling(isRefusal: true, pause: .seconds(5)))
    #expect(
      throttling([("ratelimit-remaining", "0"), ("ratelimit-reset", "60")], status: 429)
        == Throttling(isRefusal: true, pause: .seconds(60)))
    #expect(throttling([("retry-after", "5")], status: 503) == nil)
  }
}
