import InventoryModel
import Testing

@testable import Gateway

/// The contract's tables of outcomes and error codes.
@Suite("A status")
struct ResponseStatusTests {
  static func reply(
    _ status: Int, _ body: String = "", headers: [(name: String, value: String)] = [], secrets: SecretMask = .none,
    notFoundBy: NotFoundCriterion = .body
  ) -> Reply {
    let response = TransportResponse(status: status, headers: headers, body: .complete(Array(body.utf8)))
    return ResponseReading(response: response, secrets: secrets, notFoundBy: notFoundBy).reply()
  }

  @Test(
    "leads to its outcome, its code and its retry",
    arguments: [
      (201, Outcome.failed, ErrorCode.http(201), Reply.Retry.never), (202, .failed, .http(202), .never),
      (204, .invalidResponse, .emptyBody, .never), (206, .failed, .http(206), .never),
      (300, .invalidResponse, .redirect, .never), (301, .invalidResponse, .redirect, .never),
      (304, .failed, .http(304), .never), (308, .invalidResponse, .redirect, .never),
      (400, .failed, .http(400), .never), (401, .unauthorized, .http(401), .never),
      (402, .failed, .http(402), .never), (403, .unauthorized, .http(403), .never),
      (405, .failed, .http(405), .never), (408, .failed, .http(408), .backoff), (410, .failed, .http(410), .never),
      (413, .failed, .http(413), .never), (418, .failed, .http(418), .never), (425, .failed, .http(425), .backoff),
      (429, .failed, .http(429), .backoff), (500, .failed, .http(500), .backoff),
      (501, .failed, .http(501), .never), (502, .failed, .http(502), .backoff),
      (503, .failed, .http(503), .backoff), (504, .failed, .http(504), .backoff), (599, .failed, .http(599), .backoff),
      (600, .failed, .http(600), .never), (999, .failed, .http(999), .never),
    ])
  func table(status: Int, outcome: Outcome, code: ErrorCode, retry: Reply.Retry) throws {
    for body in ["", Wire.configuration, "<html>", #"{"message":[]}"#] {
      let reply = Self.reply(status, body)
      #expect(reply.answer.outcome == outcome)
      #expect(reply.answer.httpStatus == status)
      #expect(reply.answer.integration == nil)
      try expectFailure(reply, code, retry: retry)
    }
  }

  @Test("404 with the gateway's own answer is an answer and no error; see NotTheGatewayTests for others")
  func notFound() {
    let reply = Self.reply(404, #"{"message":["Integration not found"],"statusMessage":"error","status":0}"#)
    #expect(reply.answer == Answer(outcome: .notFound, httpStatus: 404))
    #expect(reply.retry == .never)
  }

  @Test("200 with a configuration is an answer and no error")
  func found() {
    let reply = Self.reply(200, Wire.configuration)
    #expect(reply.answer.outcome == .found)
    #expect(reply.answer.httpStatus == 200)
    #expect(reply.answer.error == nil)
    #expect(reply.retry == .never)
  }

  @Test(
    "is told in the gateway's own words where it has any",
    arguments: [
      (#"{"message":"Nope"}"#, "Nope"),
      (#"{"message":["Nope","Really"],"statusMessage":"error","status":0}"#, "Nope; Really"),
      (#"{"message":[1,null,{},"Nope"]}"#, "1; Nope"), (#"{"message":"N\u00f6pe \ud83d\ude00"}"#, "Nöpe 😀"),
    ], [400, 401, 403, 418, 429, 500, 503])
  func message(said: (body: String, message: String), status: Int) {
    #expect(Self.reply(status, said.body).answer.error == RowError(.http(status), said.message))
  }

  @Test(
    "is told in words of our own where the gateway has none",
    arguments: [
      "", "Nope", "{", "[]", #"{"message":""}"#, #"{"message":[]}"#, #"{"message":null}"#, #"{"message":{}}"#,
    ])
  func ownWords(body: String) {
    #expect(Self.reply(401, body).answer.error?.message == "The gateway refused the credential.")
    #expect(Self.reply(403, body).answer.error?.message == "The credential has no access to this project.")
    #expect(Self.reply(429, body).answer.error?.message == "The gateway returned 429.")
    #expect(Self.reply(500, body).answer.error?.message == "The gateway returned 500.")
  }

  @Test("is told in at most 2,000 of the gateway's characters")
  func longMessage() {
    let message = Self.reply(500, #"{"message":"\#(String(repeating: "é", count: 50_000))"}"#).answer.error?.message
    #expect(message == String(repeating: "é", count: 2000) + "…")
  }

  @Test("of 401 and 403 says when its sender may not be the gateway", arguments: [401, 403])
  func foreignRefusal(status: Int) {
    let page = Self.reply(status, "<!doctype html><title>Sign in</title>").answer
    #expect(page.outcome == .unauthorized)
    #expect(
      page.error?.message
        == "The response is \(status) with an HTML page, which may come from a proxy or a login page, not the gateway.")
    let router = Self.reply(status, #"{"message":"Missing Authentication Token"}"#).answer
    #expect(
      router.error?.message
        == "Missing Authentication Token (Amazon API Gateway: also sent for an unknown route; check --base-url)")
  }

  @Test("is transient or not by its class, but for those in the table", arguments: 100...999)
  func transience(status: Int) {
    let isTransient =
      [408, 421, 423, 425, 429, 460, 499].contains(status)
      || (500...599).contains(status) && ![501, 505, 506, 508, 510, 511, 526, 561].contains(status)
    #expect(TransientStatus.contains(status) == isTransient)
    guard status >= 400, ![401, 403, 404].contains(status) else { return }
    #expect(Self.reply(status).retry == (isTransient ? .backoff : .never))
  }

  @Test("is in the table once, with its source")
  func sources() {
    let statuses = TransientStatus.table.map(\.status)
    #expect(statuses == Set(statuses).sorted())
    #expect(TransientStatus.table.allSatisfy { $0.source.contains(":") })
  }

  @Test(
    "is asked again when Retry-After says, whatever else its class would mean",
    arguments: [202, 400, 402, 408, 413, 418, 425, 429, 451, 500, 501, 503, 511, 599])
  func retryAfter(status: Int) {
    #expect(Self.reply(status, headers: [("Retry-After", "9")]).retry == .after(.seconds(9)))
    let isTransient = TransientStatus.contains(status)
    #expect(Self.reply(status, headers: [("Retry-After", "-1")]).retry == (isTransient ? .backoff : .never))
  }

  @Test("ignores Retry-After where it is an answer already", arguments: [200, 204, 302, 401, 403, 404])
  func noRetryAfter(status: Int) {
    #expect(Self.reply(status, headers: [("Retry-After", "9")]).retry == .never)
  }

  @Test("of a redirect names the target, without its secrets")
  func redirectTarget() {
    func message(_ location: String?) -> String? {
      Self.reply(302, headers: location.map { [("Location", $0)] } ?? []).answer.error?.message
    }
    #expect(message(nil) == "The gateway sent a redirect without a location.")
    #expect(
      message("https://u:p@login.example/?token=a&x=1")
        == "The gateway redirects to https://***@login.example/?token=***&x=1; redirects are not followed.")
    #expect(message("https://e.example/" + String(repeating: "a", count: 70_000)).map { $0.count < 600 } == true)
  }
}
