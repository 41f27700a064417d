import InventoryModel
import Testing

@testable import Gateway

@Suite("A 200 body that is not quite JSON")
struct OddBodyTests {
  private func answer(_ bytes: [UInt8], type: String? = "application/json") -> Answer {
    let headers = type.map { [(name: "Content-Type", value: $0)] } ?? []
    let response = TransportResponse(status: 200, headers: headers, body: .complete(bytes))
    return ResponseReading(response: response, secrets: .none).reply().answer
  }

  static let notJSON = [
    "{", "}", #"{"webhookUrl":"https://h.example""#, #"{"webhookUrl":"https://h.example",}"#,
    #"{"webhookUrl":"https://h.example","a":[1,]}"#, #"{"webhookUrl":"https://h.example"} x"#,
    #"{"webhookUrl":"https://h.example"}{"webhookUrl":"https://h.example"}"#, #"{'webhookUrl':'https://h.example'}"#,
    #"{webhookUrl:"https://h.example"}"#, #"{"webhookUrl":"https://h.example","a":01}"#,
    #"{"webhookUrl":"https://h.example","a":.5}"#, #"{"webhookUrl":"https://h.example","a":1.}"#,
    #"{"webhookUrl":"https://h.example","a":+1}"#, #"{"webhookUrl":"https://h.example","a":-}"#,
    #"{"webhookUrl":"https://h.example","a":1e}"#, #"{"webhookUrl":"https://h.example","a":NaN}"#,
    #"{"webhookUrl":"https://h.example","a":Infinity}"#, #"{"webhookUrl":"https://h.example","a":nul}"#,
    #"{"webhookUrl":"https://h.example","a":True}"#, #"{"webhookUrl":"https://h.example" /* c */}"#,
    "{\"webhookUrl\":\"https://h.example\n\"}", "{\"webhookUrl\":\"https://h.example\u{0}\"}",
    #"{"webhookUrl":"https://h.example\x41"}"#, #"{"webhookUrl":"https://h.example\u12"}"#,
    #"{"webhookUrl":"https://h.example\"#, #"{"webhookUrl" "https://h.example"}"#,
    #"{"webhookUrl":"https://h.example" "a":1}"#, #"{,"webhookUrl":"https://h.example"}"#, "undefined", "x",
    "\u{A0}{}", "\u{FEFF}\u{FEFF}{}",
  ]

  @Test("is no answer", arguments: notJSON)
  func refuses(body: String) {
    let answer = answer(Array(body.utf8))
    #expect(answer.outcome == .invalidResponse)
    #expect(answer.error?.code == .notJSON)
  }

  @Test(
    "is read whole when it has more fields than anybody would compare one by one", arguments: [15, 16, 17, 18, 400])
  func manyFields(count: Int) {
    let fields = (0..<count).map { #""field-\#($0)":\#($0)"# }
    let url = #""webhookUrl":"https://h.example""#
    for place in [0, count / 2, count] {
      var members = fields
      members.insert(url, at: place)
      let found = answer(Array("{\(members.joined(separator: ","))}".utf8))
      #expect(found.integration?.webhookURL == "https://h.example")
      let extra = (0..<count).map { "field-\($0)" }.sorted().map { name in "\"\(name)\":\(name.dropFirst(6))" }
      #expect(found.integration?.extraJSON == "{\(extra.joined(separator: ","))}")
      // Whichever comes twice.
      for twice in [0, count / 2, count] {
        let answer = answer(Array("{\((members + [members[twice]]).joined(separator: ","))}".utf8))
        #expect(answer.error == RowError(.wrongShape, "The response contains a field twice."))
      }
    }
  }

  @Test(
    "is no answer when it gives a field twice: nobody can tell which of them counts",
    arguments: [
      #"{"webhookUrl":"https://a.example","webhookUrl":"https://b.example"}"#,
      #"{"webhookUrl":"https://a.example","webhook\u0055rl":"https://b.example"}"#,
      #"{"data":{"webhookUrl":"https://a.example"},"data":{"webhookUrl":"https://b.example"}}"#,
      #"{"webhookUrl":"https://a.example","extra":[{"a":1,"a":1}]}"#,
    ])
  func nameTwice(body: String) {
    let answer = answer(Array(body.utf8))
    #expect(answer.outcome == .invalidResponse)
    #expect(answer.error == RowError(.wrongShape, "The response contains a field twice."))
  }

  @Test(
    "is no answer when it is not UTF-8",
    arguments: [[0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]])
  func invalidUTF8(bytes: [UInt8]) {
    let body = Array(#"{"webhookUrl":"https://h.example/"#.utf8) + bytes + Array(#""}"#.utf8)
    #expect(answer(body).error?.code == .notJSON)
  }

  @Test("is no answer when it is UTF-16, with a mark or without", arguments: [false, true], [false, true])
  func utf16(hasMark: Bool, isBigEndian: Bool) {
    let units = Array(((hasMark ? "\u{FEFF}" : "") + Wire.configuration).utf16)
    let body = units.flatMap { unit in
      isBigEndian ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
    #expect(answer(body).error?.code == .notJSON)
  }

  @Test("may be 100,000 levels deep without bringing the program down", arguments: ["[", #"{"a":"#, #"[{"a":"#])
  func deep(opening: String) {
    let closing = opening.reversed().compactMap { $0 == "[" ? "]" : $0 == "{" ? "}" : nil }.joined()
    let nested = String(repeating: opening, count: 100_000) + "1" + String(repeating: closing, count: 100_000)
    #expect(answer(Array(nested.utf8)).error?.code == .notJSON)
    #expect(answer(Array(#"{"webhookUrl":"https://h.example","a":\#(nested)}"#.utf8)).error?.code == .notJSON)
    #expect(answer(Array(String(repeating: opening, count: 100_000).utf8)).error?.code == .notJSON)
  }

  @Test("is read to 64 levels, which no configuration has", arguments: [(62, true), (63, true), (64, false)])
  func depth(levels: Int, isRead: Bool) {
    let nested = String(repeating: "[", count: levels - 1) + "1" + String(repeating: "]", count: levels - 1)
    #expect((answer(Array(#"{"webhookUrl":"https://h.example","a":\#(nested)}"#.utf8)).outcome == .found) == isRead)
  }

  @Test("may hold half a surrogate pair, which becomes the replacement character")
  func loneSurrogates() {
    let body = #"{"webhookUrl":"https://h.example","id":"a\ud83d","brainId":"\ude00\ud83d\u0041\ud83d\ude00"}"#
    let integration = answer(Array(body.utf8)).integration
    #expect(integration?.id == "a\u{FFFD}")
    #expect(integration?.brainID == "\u{FFFD}\u{FFFD}A😀")
  }

  @Test(
    "is told by its kind and size, never by what it says",
    arguments: [
      ("text/html; charset=utf-8", "text/html, not JSON"), ("application/json", "malformed JSON"), (nil, "not JSON"),
    ])
  func kind(type: String?, named: String) {
    for page in [
      "<!doctype html><title>SEKRET</title>", #"{"signingSecret":"SEKRET","webhookUrl":"https://h.example",}"#,
    ] {
      let message = answer(Array(page.utf8), type: type).error?.message
      #expect(message == "The response is \(named) (\(page.utf8.count) bytes).")
    }
  }
}
