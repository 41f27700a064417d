import DelimitedText
import Testing

@Suite("Writing records")
struct DelimitedWriterTests {
  @Test(
    "A field is quoted where it must be and exactly as given elsewhere",
    arguments: [
      ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("a;b", "a;b"), ("say \"x\"", "\"say \"\"x\"\"\""),
      ("\"", "\"\"\"\""), ("a\nb", "\"a\nb\""), ("a\rb", "\"a\rb\""), (" a", "\" a\""), ("a ", "\"a \""),
      ("a b", "a b"), ("=1+2", "=1+2"), ("007", "007"), ("é👍\u{2028}", "é👍\u{2028}"),
    ])
  func field(text: String, written: String) {
    var writer = DelimitedWriter()
    writer.field(text)
    #expect(writer.bytes == Array(written.utf8))
  }

  @Test("Records end with CRLF, null is an empty field, and delimiters stand between fields only")
  func records() {
    var writer = DelimitedWriter()
    writer.field("a")
    writer.field(nil as String?)
    writer.field(42)
    writer.field(nil as Int?)
    writer.endRecord()
    writer.field(nil as String?)
    writer.field("b")
    writer.endRecord()
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "a,,42,\r\n,b\r\n")
    writer.removeAll()
    #expect(writer.bytes.isEmpty)
    writer.field("c")
    #expect(writer.bytes == [UInt8(ascii: "c")])
  }

  private static let nastyFields = [
    "", " ", "plain", "a,b;c\td|e", "5\" pipe", "\"", "\"\"", "\"quoted\"", "one\ntwo", "one\r\ntwo", "one\rtwo", "\n",
    "\r", "\r\n", ",", ";", "\t", "|", " spaces ", "\u{A0}", "\u{FEFF}", "zero\u{200B}width", "\u{1B}[31m",
    "\u{7F}\u{85}",
    "=HYPERLINK(\"http://evil\")", "<script>\"x\"</script>", "Ünïcödé 漢字 👩🏽‍🚀", "\u{2028}", "007", "'",
  ]

  @Test(
    "Every value is read back as it was written",
    arguments: [",", ";", "\t", "|"] as [Unicode.Scalar], pieceSizes)
  func roundTrip(delimiter: Unicode.Scalar, size: Int) throws {
    var writer = DelimitedWriter(delimiter: UInt8(ascii: delimiter))
    for start in Self.nastyFields.indices {
      for offset in Self.nastyFields.indices {
        writer.field(Self.nastyFields[(start + offset) % Self.nastyFields.count])
      }
      writer.endRecord()
    }
    let reading = try Reading(of: writer.bytes, inPiecesOf: size, delimiter: delimiter)
    #expect(reading.error == nil)
    #expect(reading.records.count == Self.nastyFields.count)
    for (start, record) in reading.records.enumerated() {
      let written = Self.nastyFields[start...] + Self.nastyFields[..<start]
      #expect(record.fields.map(\.utf8).elementsEqual(written.map(\.utf8)) { $0.elementsEqual($1) })
    }
  }
}
