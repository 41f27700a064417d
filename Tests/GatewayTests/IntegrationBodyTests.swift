import InventoryModel
import Testing

@testable import Gateway

@Suite("A 200 body")
struct IntegrationBodyTests {
  private static let enveloped = """
    {"message": ["Integration retrieved successfully"], "statusMessage": "success", "status": 1,
     "data": {"brainId": "PROJECT_ID", "webhookUrl": "https://my-system.com/webhook/jelou",
              "createdAt": "2026-01-15T10:30:00.000Z", "updatedAt": "2026-01-20T14:45:00.000Z"}}
    """
  private static let flat = """
    {"id": "INTEGRATION_ID", "brainId": "BRAIN_ID", "webhookUrl": "https://my-system.com/webhook/jelou",
     "authType": "bearer", "createdAt": "2023-11-07T05:31:56Z", "updatedAt": "2023-11-07T05:31:56Z"}
    """

  static func integration(_ body: String) -> Integration? {
    ResponseStatusTests.reply(200, body).answer.integration
  }

  @Test("may be enveloped, as the documentation's prose shows it")
  func envelope() {
    #expect(
      Self.integration(Self.enveloped)
        == Integration(
          brainID: "PROJECT_ID", webhookURL: "https://my-system.com/webhook/jelou", webhookHost: "my-system.com",
          createdAt: "2026-01-15T10:30:00.000Z", updatedAt: "2026-01-20T14:45:00.000Z"))
  }

  @Test("may be flat, as the documentation's schema shows it")
  func flatBody() {
    #expect(
      Self.integration(Self.flat)
        == Integration(
          id: "INTEGRATION_ID", brainID: "BRAIN_ID", webhookURL: "https://my-system.com/webhook/jelou",
          webhookHost: "my-system.com", authType: "bearer", createdAt: "2023-11-07T05:31:56.000Z",
          updatedAt: "2023-11-07T05:31:56.000Z"))
  }

  @Test(
    "needs no more than a webhook's URL",
    arguments: [
      #"{"webhookUrl":"https://h.example"}"#, #"{"data":{"webhookUrl":"https://h.example"}}"#,
      #"{"webhookUrl":" https://h.example "}"#, #"{"message":"ok","data":{"webhookUrl":"https://h.example"}}"#,
      #"{"statusMessage":"SUCCESS","status":1,"data":{"webhookUrl":"https://h.example"}}"#,
      #"{"status":true,"data":{"webhookUrl":"https://h.example"}}"#,
      #"{"status":200,"statusMessage":null,"data":{"webhookUrl":"https://h.example"}}"#,
      #"{"webhookUrl":"https://h.example","id":null,"authType":null,"createdAt":null}"#,
      "\u{FEFF}" + #"{"webhookUrl":"https://h.example"}"#, #"  {"webhookUrl" : "https:\/\/h.example"}  "#,
      #"{"webhook\u0055rl":"\u0068ttps://h.example"}"#,
    ])
  func least(body: String) {
    #expect(Self.integration(body) == Integration(webhookURL: "https://h.example", webhookHost: "h.example"))
  }

  @Test(
    "may have numbers for IDs, kept digit by digit",
    arguments: ["7", "12345678901234567890", "123456789012345678901234567890123456789012345", "1.0", "-0", "1e400"])
  func numbers(number: String) {
    let integration = Self.integration(#"{"webhookUrl":"https://h.example","id":\#(number),"brainId":\#(number)}"#)
    #expect(integration?.id == number)
    #expect(integration?.brainID == number)
    #expect(integration?.extraJSON == "{}")
  }

  @Test(
    "may have odd dates, kept as they are where they can't be read",
    arguments: [
      ("\"2026-01-15T10:30:00+02:00\"", "2026-01-15T08:30:00.000Z"),
      ("\"2026-02-30T10:30:00Z\"", "2026-02-30T10:30:00Z"),
      ("\"2026-01-15\"", "2026-01-15"), ("\"yesterday\"", "yesterday"), ("\"\"", ""), ("1768473000", "1768473000"),
    ])
  func dates(json: String, kept: String) {
    let integration = Self.integration(#"{"webhookUrl":"https://h.example","createdAt":\#(json),"updatedAt":\#(json)}"#)
    #expect(integration?.createdAt == kept)
    #expect(integration?.updatedAt == kept)
  }

  @Test("may have known fields of an odd kind, kept among the unknown")
  func oddKinds() {
    let integration = Self.integration(
      #"{"webhookUrl":"https://h.example","id":{"a":1},"brainId":[2],"createdAt":true,"authType":{"kind":"x"}}"#)
    #expect(integration?.id == nil)
    #expect(integration?.brainID == nil)
    #expect(integration?.createdAt == nil)
    #expect(integration?.authType == nil)
    #expect(integration?.extraJSON == #"{"authType":"***","brainId":[2],"createdAt":true,"id":{"a":1}}"#)
  }

  @Test(
    "whose envelope says that it failed is no integration, and the gateway's message is kept",
    arguments: [
      (#"{"message":["Broken"],"statusMessage":"error","status":0}"#, "Broken"),
      (
        #"{"message":"Broken","statusMessage":"success","status":0,"data":{"webhookUrl":"https://h.example"}}"#,
        "Broken"
      ),
      (
        #"{"message":"Broken","statusMessage":"failed","status":1,"data":{"webhookUrl":"https://h.example"}}"#, "Broken"
      ),
      (#"{"message":"Broken","status":"0","data":{"webhookUrl":"https://h.example"}}"#, "Broken"),
      (#"{"message":"Broken","status":0.0,"data":{"webhookUrl":"https://h.example"}}"#, "Broken"),
      (#"{"message":"Broken","status":false,"data":{"webhookUrl":"https://h.example"}}"#, "Broken"),
      (#"{"message":["Broken","Sorry"],"statusMessage":"success","status":1}"#, "Broken; Sorry"),
      (#"{"message":"Broken","statusMessage":"success","status":1,"data":null}"#, "Broken"),
      (#"{"message":"Broken"}"#, "Broken"),
      (#"{"status":1}"#, "The gateway returned 200, but the response reports a failure."),
      (#"{"data":null}"#, "The gateway returned 200, but the response reports a failure."),
    ])
  func failedEnvelope(body: String, message: String) {
    let reply = ResponseStatusTests.reply(200, body)
    #expect(reply.answer.outcome == .invalidResponse)
    #expect(reply.answer.error == RowError(.envelopeFailed, message))
    #expect(reply.retry == .never)
  }

  @Test(
    "without a webhook's URL has the wrong shape",
    arguments: [
      ("{}", "The response has no webhookUrl."), (#"{"id":"a"}"#, "The response has no webhookUrl."),
      (#"{"webhookUrl":null}"#, "The response has no webhookUrl."),
      (#"{"webhookUrl":7}"#, "The response has no webhookUrl."),
      (#"{"webhookUrl":["https://h.example"]}"#, "The response has no webhookUrl."),
      (#"{"WebhookURL":"https://h.example"}"#, "The response has no webhookUrl."),
      (#"{"webhookUrl":""}"#, "The webhookUrl field of the response is empty."),
      (#"{"webhookUrl":" \t "}"#, "The webhookUrl field of the response is empty."),
      (#"{"data":{}}"#, "The response has no webhookUrl."),
      (#"{"data":{"webhookUrl":""}}"#, "The webhookUrl field of the response is empty."),
      (#"{"data":[]}"#, "The data field of the response is not an object."),
      (#"{"data":"x"}"#, "The data field of the response is not an object."),
      ("[]", "The response is JSON, but not an object."), ("null", "The response is JSON, but not an object."),
      (#""x""#, "The response is JSON, but not an object."), ("7", "The response is JSON, but not an object."),
      ("true", "The response is JSON, but not an object."),
      (#"[{"webhookUrl":"x"}]"#, "The response is JSON, but not an object."),
    ])
  func wrongShape(body: String, message: String) {
    let answer = ResponseStatusTests.reply(200, body).answer
    #expect(answer.outcome == .invalidResponse)
    #expect(answer.error == RowError(.wrongShape, message))
  }

  @Test("that is empty or blank is told apart from one that is no JSON", arguments: ["", " ", "\r\n\t "])
  func empty(body: String) {
    #expect(ResponseStatusTests.reply(200, body).answer.error == RowError(.emptyBody, "The response is empty."))
  }
}
