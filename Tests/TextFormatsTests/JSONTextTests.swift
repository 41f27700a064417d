import Foundation
import TestSupport
import Testing
import TextFormats

@Suite("JSON text")
struct JSONTextTests {
  @Test("Foundation reads every text back as it was", arguments: nastyTexts)
  func texts(text: String) throws {
    var json = JSONText()
    json.object { json in
      json.key(text: text)
      json.value(text)
    }
    let read = try #require(JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: String])
    let member = try #require(read.first)
    #expect(read.count == 1)
    #expect(Array(member.key.unicodeScalars) == Array(text.unicodeScalars))
    #expect(Array(member.value.unicodeScalars) == Array(text.unicodeScalars))
  }

  @Test(
    "Quotes, backslashes and C0 controls are escaped and nothing else is",
    arguments: [
      ("\"", #""\"""#), ("\\", #""\\""#), ("\n\r\t", #""\n\r\t""#), ("\u{0}\u{8}\u{1F}", #""\u0000\u0008\u001f""#),
      ("\u{7F}/é\u{2028}👍", "\"\u{7F}/é\u{2028}👍\""),
    ])
  func escapes(text: String, written: String) {
    var json = JSONText()
    json.value(text)
    #expect(json.string == written)
  }

  @Test("Keys stay in order, null is no empty text, and commas stand between members only")
  func structure() {
    var json = JSONText()
    json.object { json in
      json.key("z")
      json.value(1)
      json.key("a")
      json.value(nil as String?)
      json.key("m")
      json.value("")
      json.key("n")
      json.value(nil as Int?)
      json.key("list")
      json.array { json in
        json.value("x")
        json.object { _ in }
        json.array { _ in }
        json.value(-2)
      }
      json.key("raw")
      json.raw(#"{"k":true}"#)
    }
    #expect(json.string == #"{"z":1,"a":null,"m":"","n":null,"list":["x",{},[],-2],"raw":{"k":true}}"#)
  }

  @Test("Lines follow each other without commas, and nothing of them is left after a clearing")
  func lines() {
    var json = JSONText()
    json.object { _ in }
    json.newline()
    json.array { _ in }
    json.newline()
    #expect(json.string == "{}\n[]\n")
    json.value(1)
    json.removeAll()
    #expect(json.bytes.isEmpty)
    json.value(2)
    #expect(json.string == "2")
  }
}
