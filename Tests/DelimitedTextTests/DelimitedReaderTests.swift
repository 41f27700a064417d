import DelimitedText
import Testing

@Suite("Reading records")
struct DelimitedReaderTests {
  struct Trap: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var records: [DelimitedRecord]

    init(_ description: String, _ text: String, _ records: [DelimitedRecord]) {
      testDescription = description
      self.text = text
      self.records = records
    }
  }

  private static let lineEnds = [
    Trap("no text", "", []),
    Trap("LF", "a,b\nc,d\n", [record(1, "a", "b"), record(2, "c", "d")]),
    Trap("CRLF", "a,b\r\nc,d\r\n", [record(1, "a", "b"), record(2, "c", "d")]),
    Trap("CR", "a,b\rc,d\r", [record(1, "a", "b"), record(2, "c", "d")]),
    Trap(
      "mixed", "a\nb\r\nc\rd\n\re",
      [record(1, "a"), record(2, "b"), record(3, "c"), record(4, "d")] + [
        record(5, ""), record(6, "e"),
      ]),
    Trap("no final line end", "a,b\nc,d", [record(1, "a", "b"), record(2, "c", "d")]),
    Trap("no final line end after a quoted field", "a\n\"b\"", [record(1, "a"), record(2, "b")]),
    Trap("no final line end after a delimiter", "a\nb,", [record(1, "a"), record(2, "b", "")]),
    Trap(
      "blank lines", "\na\n\n\nb\n\n",
      [record(1, ""), record(2, "a"), record(3, ""), record(4, "")] + [
        record(5, "b"), record(6, ""),
      ]),
    Trap("blank lines with CRLF", "\r\na\r\n\r\nb", [record(1, ""), record(2, "a"), record(3, ""), record(4, "b")]),
    Trap("only a CRLF", "\r\n", [record(1, "")]),
  ]

  private static let fields = [
    Trap("empty cells", ",,\n,a,\n", [record(1, "", "", ""), record(2, "", "a", "")]),
    Trap("trailing delimiter", "a,b,\n", [record(1, "a", "b", "")]),
    Trap("spaces stay", " a , b \n", [record(1, " a ", " b ")]),
    Trap("other delimiters are text", "a;b\tc|d,e\n", [record(1, "a;b\tc|d", "e")]),
    Trap("characters of several bytes", "é,漢字,👩🏽‍🚀\n", [record(1, "é", "漢字", "👩🏽‍🚀")]),
    Trap("a BOM inside is a character", "a,\u{FEFF}b\n", [record(1, "a", "\u{FEFF}b")]),
    Trap("controls other than NUL", "a\u{1}\u{1B}\u{C},b\n", [record(1, "a\u{1}\u{1B}\u{C}", "b")]),
  ]

  private static let quotes = [
    Trap("quoted cells", "\"a\",\"b\"\n", [record(1, "a", "b")]),
    Trap("quoted and empty", "\"\",\"\"\n\"\"\n", [record(1, "", ""), record(2, "")]),
    Trap("quoted delimiter", "\"a,b\",c\n", [record(1, "a,b", "c")]),
    Trap("doubled quotes", "\"a \"\"b\"\" c\",\"\"\"\"\n", [record(1, "a \"b\" c", "\"")]),
    Trap("doubled quotes at the ends", "\"\"\"a\"\"\"\n", [record(1, "\"a\"")]),
    Trap("quoted LF", "\"a\nb\",c\nd\n", [record(1, "a\nb", "c"), record(3, "d")]),
    Trap("quoted CRLF", "\"a\r\nb\",c\r\nd\r\n", [record(1, "a\r\nb", "c"), record(3, "d")]),
    Trap("quoted CR", "\"a\rb\",c\rd\r", [record(1, "a\rb", "c"), record(3, "d")]),
    Trap("quoted CR before the record's end", "\"a\r\"\nb\n", [record(1, "a\r"), record(3, "b")]),
    Trap(
      "quoted LF after a record that ends with CR", "a\r\"\nb\"\rc",
      [record(1, "a"), record(2, "\nb")] + [
        record(4, "c")
      ]),
    Trap(
      "several quoted lines", "x\n\"1\n2\n\n3\",\"4\r\n5\"\ny\n",
      [record(1, "x"), record(2, "1\n2\n\n3", "4\r\n5")] + [
        record(7, "y")
      ]),
    Trap("spaces after the closing quote", "\"a\"  ,\"b\" \n\"c\"   ", [record(1, "a", "b"), record(2, "c")]),
    Trap("a quote inside an unquoted cell", "5\" pipe,a\"b\"c\n", [record(1, "5\" pipe", "a\"b\"c")]),
    Trap("a quote after a space", " \"a\",b\n", [record(1, " \"a\"", "b")]),
    Trap(
      "a stray quote swallows nothing", "5\" pipe\nnext\n6\" pipe\n",
      [
        record(1, "5\" pipe"), record(2, "next"), record(3, "6\" pipe"),
      ]),
  ]

  @Test("A text has the same records however it is cut", arguments: lineEnds + fields + quotes, pieceSizes)
  func records(trap: Trap, size: Int) throws {
    let reading = try Reading(of: Array(trap.text.utf8), inPiecesOf: size)
    #expect(reading.error == nil)
    #expect(reading.records == trap.records)
  }

  @Test(
    "Any delimiter divides, and the others are text", arguments: [",", ";", "\t", "|"] as [Unicode.Scalar], pieceSizes)
  func delimiters(delimiter: Unicode.Scalar, size: Int) throws {
    let others = String(String.UnicodeScalarView([",", ";", "\t", "|"].filter { $0 != delimiter }))
    let text = "a\(delimiter)\"b\(delimiter)c\"\(delimiter)\(others)\n"
    let reading = try Reading(of: Array(text.utf8), inPiecesOf: size, delimiter: delimiter)
    #expect(reading == Reading([record(1, "a", "b\(delimiter)c", others)]))
  }

  @Test("The end stays the end")
  func end() throws {
    var reader = DelimitedReader(BytesInMemory(Array("a".utf8)), delimiter: UInt8(ascii: ","))
    #expect(try reader.next() == record(1, "a"))
    #expect(try reader.next() == nil)
    #expect(try reader.next() == nil)
  }

  @Test(
    "A record is blank when every cell is empty or holds spaces alone",
    arguments: [
      ([""], true), (["", ""], true), ([" "], true), (["\t", "\u{A0}\u{3000}"], true), (["", "a"], false),
      ([" a"], false), (["\u{200B}"], false), (["é"], false),
    ])
  func blank(fields: [String], isBlank: Bool) {
    #expect(DelimitedRecord(line: 1, fields: fields).isBlank == isBlank)
  }

  @Test("An error of the source comes through")
  func sourceError() {
    struct Broken: Error {}
    struct BrokenSource: ByteSource {
      func next() throws -> [UInt8]? { throw Broken() }
    }
    var reader = DelimitedReader(BrokenSource(), delimiter: UInt8(ascii: ","))
    #expect(throws: Broken.self) { try reader.next() }
  }
}

extension Reading {
  fileprivate init(_ records: [DelimitedRecord]) {
    self.records = records
    error = nil
  }
}
