import InventoryModel
import Testing

@testable import Gateway

@Suite("Fields that nobody knows")
struct ExtraFieldTests {
  private func extra(_ fields: String) -> String? {
    IntegrationBodyTests.integration(#"{"webhookUrl":"https://h.example",\#(fields)}"#)?.extraJSON
  }

  @Test(
    "are kept, names sorted and values as they were",
    arguments: [
      (#""b":1,"a":2,"C":3"#, #"{"C":3,"a":2,"b":1}"#),
      (#""list":[1,"x",null,true,{"z":1,"y":[]}]"#, #"{"list":[1,"x",null,true,{"y":[],"z":1}]}"#),
      (#""n":12345678901234567890"#, #"{"n":12345678901234567890}"#),
      (
        #""n":-98765432109876543210987654321098765432109876543210"#,
        #"{"n":-98765432109876543210987654321098765432109876543210}"#
      ),
      (#""n":0.1000,"m":1e999,"o":-0"#, #"{"m":1e999,"n":0.1000,"o":-0}"#),
      (#""t":"a\"b\\c\u0001\n😀\/""#, #"{"t":"a\"b\\c\u0001\n😀/"}"#), (#""":1"#, #"{"":1}"#),
      (#""status":0,"message":"hi""#, #"{"message":"hi","status":0}"#),
    ])
  func kept(fields: String, json: String) {
    #expect(extra(fields) == json)
  }

  @Test("of the envelope are kept too, beside those of its data")
  func envelope() {
    let body = #"{"status":1,"traceId":"t","data":{"webhookUrl":"https://h.example","plan":"pro"},"token":"CANARY"}"#
    #expect(IntegrationBodyTests.integration(body)?.extraJSON == #"{"plan":"pro","token":"***","traceId":"t"}"#)
  }

  @Test(
    "that look like secrets are kept without their values, at any depth",
    arguments: [
      (#""apiKey":"CANARY""#, #"{"apiKey":"***"}"#), (#""authorization":"CANARY""#, #"{"authorization":"***"}"#),
      (#""signingSecret":"CANARY""#, #"{"signingSecret":"***"}"#), (#""PASSWORD":7"#, #"{"PASSWORD":"***"}"#),
      (#""token":{"value":"CANARY"}"#, #"{"token":"***"}"#), (#""credentials":["CANARY"]"#, #"{"credentials":"***"}"#),
      (#""a":{"b":[{"client_secret":"CANARY","c":1}]}"#, #"{"a":{"b":[{"c":1,"client_secret":"***"}]}}"#),
      (#""api\u004bey":"CANARY""#, #"{"apiKey":"***"}"#),
      (#""tokén":1,"token\u0301":"CANARY""#, "{\"token\u{301}\":\"***\",\"tokén\":1}"),
      (#""url":"https://u:CANARY@h.example/?sig=CANARY&a=1""#, #"{"url":"https://***@h.example/?sig=***&a=1"}"#),
    ])
  func masked(fields: String, json: String) throws {
    #expect(extra(fields) == json)
  }

  @Test(
    "named authorization or signingSecret leave no trace of their value anywhere",
    arguments: ["authorization", "signingSecret"])
  func neverStored(name: String) {
    for body in [
      #"{"webhookUrl":"https://h.example","\#(name)":"CANARY"}"#,
      #"{"data":{"webhookUrl":"https://h.example","\#(name)":"CANARY"}}"#,
      #"{"\#(name)":"CANARY","data":{"webhookUrl":"https://h.example"}}"#,
      #"{"\#(name)":"CANARY","status":0,"message":"Broken"}"#, #"{"\#(name)":"CANARY"}"#,
    ] {
      for status in [200, 401, 500] {
        #expect(!String(reflecting: ResponseStatusTests.reply(status, body)).contains("CANARY"))
      }
    }
  }
}
