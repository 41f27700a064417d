import InventoryModel
import Testing
import TextFormats

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
      ([("RateLimit", #""a";r=3;t=9"#), ("ratelimit", #""b, \"c\";r=0;t=7";r=0;t=40"#)], 40),
      ([("RateLimit", "limit=100"), ("RateLimit", "remaining=0, reset=5")], 5),
      ([("X-RateLimit-Remaining", "5, 0"), ("X-RateLimit-Reset", "1, 60")], 60),
      ([("X-RateLimit-Remaining", "5"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "60")], 60),
      ([("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "6.5")], 6.5),
      ([("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1800000012000")], 12),
      ([("RateLimit", "junk"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "3")], 3),
    ] as [([(String, String)], Double?)])
  func usedUp(headers: [(String, String)], seconds: Double?) {
    let throttling = throttling(headers.map { (name: $0.0, value: $0.1) })
    #expect(throttling == Throttling(isRefusal: false, isUsedUp: true, pause: seconds.map { .seconds($0) }))
  }

  @Test(
    "that say what is allowed, by the strictest policy",
    arguments: [
      ([("RateLimit-Policy", #""burst";q=100;w=1"#), ("RateLimit-Policy", #""day";q=6000;w=600"#)], 10),
      ([("RateLimit-Policy", "100;w=10;comment=\"a;b, c\"")], 10), ([("RateLimit-Limit", "50, 50;w=5")], 10),
      ([("X-RateLimit-Limit", "10;w=1")], 10),
    ] as [([(String, String)], Double)])
  func allowed(headers: [(String, String)], rate: Double) {
    let throttling = throttling(headers.map { (name: $0.0, value: $0.1) })
    #expect(throttling == Throttling(isRefusal: false, allowedRate: rate))
  }

  @Test(
    "that leave something, are not there or make no sense change nothing",
    arguments: [
      [], [("RateLimit-Remaining", "1")], [("RateLimit-Remaining", "")], [("RateLimit-Remaining", "-1")],
      [("RateLimit-Remaining", "0.0")], [("RateLimit-Reset", "30")], [("RateLimit", "0")], [("RateLimit", ";;;")],
      [("RateLimit", #""default";r=1;t=50"#), ("X-RateLimit-Remaining", "0")],
      [("RateLimit-Remaining", "5"), ("X-RateLimit-Remaining", "0")],
      [("RateLimit-Remaining", "99999999999999999999999")], [("RateLimit-Limit", "10")],
      [("RateLimit-Policy", "10;w=0")], [("RateLimit-Policy", "0;w=10")], [("RateLimit-Policy", "w=10")],
    ] as [[(String, String)]])
  func nothing(headers: [(String, String)]) {
    #expect(throttling(headers.map { (name: $0.0, value: $0.1) }) == nil)
  }

  @Test("give way to Retry-After in a refusal, which slows down even without them")
  func refusals() {
    #expect(throttling([], status: 429) == Throttling(isRefusal: true))
    #expect(
      throttling([("retry-after", "5"), ("ratelimit-remaining", "0"), ("ratelimit-reset", "60")], status: 429)
        == Throttling(isRefusal: true, isUsedUp: true, pause: .seconds(5)))
    #expect(
      throttling([("ratelimit-remaining", "0"), ("ratelimit-reset", "60")], status: 429)
        == Throttling(isRefusal: true, isUsedUp: true, pause: .seconds(60)))
    #expect(throttling([("retry-after", "5")], status: 503) == nil)
  }
}
