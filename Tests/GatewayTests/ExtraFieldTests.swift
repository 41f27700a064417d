import InventoryModel
import Testing
import TextFormats

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

  private static let long = ValueLimit.bytes
  private static func text(_ count: Int) -> String { String(repeating: "x", count: count) }

  @Test("that are too long are cut as every value, at any depth, and names too")
  func longTexts() throws {
    let value = Self.text(Self.long + 1)
    let digits = value.replacing("x", with: "1")
    #expect(extra(#""a":[{"b":"\#(value)"}]"#) == #"{"a":[{"b":"\#(value.bounded)"}]}"#)
    #expect(extra(#""a":{"\#(value)":1}"#) == #"{"a":{"\#(value.bounded)":1}}"#)
    #expect(extra(#""\#(value)":1"#) == #"{"\#(value.bounded)":1}"#)
    #expect(extra(#""n":\#(digits)"#) == #"{"n":"\#(digits.bounded)"}"#)
    #expect(extra(#""n":"\#(value.dropLast())""#) == #"{"n":"\#(value.dropLast())"}"#)
  }

  @Test("of more than the limit together lose the largest, and say so in their place")
  func manyBytes() throws {
    let fields = (0..<7).map { #""f\#($0)":["\#(Self.text(50_000 + $0))"]"# }.joined(separator: ",")
    let json = try #require(extra(fields + #","small":true"#))
    #expect(json.utf8.count <= ValueLimit.extraBytes + 1000)
    let names = (0..<7).map { json.contains(#""f\#($0)":["x"#) }
    #expect(names == [true, true, true, true, true, false, false])
    #expect(json.contains(#""f6":"… (50010 bytes, SHA-256 "#))
    #expect(json.hasSuffix(#","small":true}"#))
  }

  @Test("that are left out still name the secrets in them")
  func secretsAmongLongOnes() throws {
    let list = Array(repeating: "\"\(Self.text(999))\"", count: 300).joined(separator: ",")
    let json = try #require(extra(#""config":{"api_key":"CANARY","list":[\#(list)]}"#))
    #expect(json.contains(#""config":{"api_key":"***","…":"… ("#))
    #expect(!json.contains("CANARY"))
  }

  @Test("of any number take no more than the limit")
  func manyFields() throws {
    let fields = (0..<60_000).map { #""field \#($0)":\#($0)"# }.joined(separator: ",")
    let json = try #require(extra(fields))
    #expect(json.utf8.count <= ValueLimit.extraBytes + 40_000)
    #expect(json.contains(#""field 0":0"#) && json.contains(#","…":"… ("#))
  }

  @Test("are no exception: the known ones are cut the same way, and a webhook that was is invalid")
  func knownFields() throws {
    let value = Self.text(Self.long + 5)
    let body = #"{"webhookUrl":"https://\#(value)","id":"\#(value)","authType":"\#(value)","createdAt":"\#(value)"}"#
    let integration = try #require(IntegrationBodyTests.integration(body))
    for text in [integration.id, integration.authType, integration.createdAt, integration.webhookHost] {
      #expect(text == value.bounded)
    }
    #expect(integration.webhookURL == "https://\(value)".bounded)
  }
}
