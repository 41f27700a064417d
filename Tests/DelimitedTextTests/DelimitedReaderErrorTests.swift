import DelimitedText
import Testing

@Suite("Texts that can't be read")
struct DelimitedReaderErrorTests {
  /// Reads bytes in pieces of every size: the records before the error and the error are always the same.
  private func expect(
    _ error: DelimitedTextError, after records: Int, in bytes: [UInt8],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for size in pieceSizes {
      let reading = try Reading(of: bytes, inPiecesOf: size)
      #expect(reading.error == error, "pieces of \(size)", sourceLocation: sourceLocation)
      #expect(reading.records.count == records, "pieces of \(size)", sourceLocation: sourceLocation)
    }
  }

  @Test(
    "An unclosed quote is told by the line where the field began, and the rest is not swallowed",
    arguments: [
      ("\"", 1, 0), ("a\n\"b", 2, 1), ("a\n\"b\nc\nd\n", 2, 1), ("a\r\nb,\"c\r\nd", 2, 1), ("a\rb\r\"c\rd\r", 3, 2),
      ("\"x\ny\",\"z\nw", 2, 0), ("\"a\"\"", 1, 0), ("\"one\ntwo\"\n\"three\"\"\n", 3, 1),
    ])
  func unclosedQuote(text: String, line: Int, records: Int) throws {
    try expect(.unclosedQuote(line: line), after: records, in: Array(text.utf8))
  }

  @Test(
    "Text after a closing quote is told by the line where the field began",
    arguments: [
      ("\"a\"b", 1, 0), ("\"a\" b\n", 1, 0), ("a\n\"b\" \"c\"\n", 2, 1), ("a\nb,\"c\nd\"e\n", 2, 1),
      ("\"x\ny\",\"z\"w\n", 2, 0), ("\"a\"\tb\n", 1, 0), ("\"a\"\u{A0}\n", 1, 0), ("\"open\nnext,\"row\"\n", 1, 0),
    ])
  func textAfterQuote(text: String, line: Int, records: Int) throws {
    try expect(.textAfterQuote(line: line), after: records, in: Array(text.utf8))
  }

  @Test(
    "A NUL is told by its own line, wherever it is",
    arguments: [
      ("\0", 1, 0), ("a\nb\0\n", 2, 1), ("a\n\0", 2, 1), ("a\r\n\"b\r\nc\0\"", 3, 1), ("a\r\0", 2, 1),
      ("a,\"b\"\0", 1, 0), ("\"a\"  \0", 1, 0),
    ])
  func nul(text: String, line: Int, records: Int) throws {
    try expect(.nul(line: line), after: records, in: Array(text.utf8))
  }

  @Test(
    "A byte that is not UTF-8 is told by its own physical line",
    arguments: [
      // One character stands for one byte.
      ("\u{E9}", 1, 0),
      ("a\ncaf\u{E9}\n", 2, 1),
      ("a\r\nb\r\nc,caf\u{E9},d\r\n", 3, 2),
      ("a\rb\r\u{FF}", 3, 2),
      ("a\n\"b\nc\n\u{E9}\nd\"\n", 4, 1),
      ("a\n\"b\r\nc\r\n\u{E9}\r\nd\"\r\n", 4, 1),
      ("\"\u{C3}\u{A9}\n\u{C3}\u{A9}\n\u{C3}\"\n", 3, 0),
      ("\"x\ny\",\"z\n\u{E9}\"\n", 3, 0),
      // Half a character at a cell's end is not completed by the next cell.
      ("\u{C3},\"\u{A9}\n\n\"\n", 1, 0),
      // A CR at a cell's end and an LF that begins the next are two lines' ends.
      ("\"a\r\",\"\n\u{E9}\"\n", 3, 0),
      // Cut off by the text's end, overlong, a surrogate, beyond U+10FFFF, a lone continuation.
      ("a\n\u{E2}\u{82}", 2, 1),
      ("\u{C0}\u{AF}\n", 1, 0),
      ("\u{E0}\u{80}\u{AF}\n", 1, 0),
      ("\u{ED}\u{A0}\u{80}\n", 1, 0),
      ("\u{F4}\u{90}\u{80}\u{80}\n", 1, 0),
      ("\u{80}\n", 1, 0),
      // As many bytes as the character that stands for damage has.
      ("\u{EF}\u{BF}\u{BD}\n\u{F0}\u{9F}\u{98}\n", 2, 1),
    ])
  func notUTF8(text: String, line: Int, records: Int) throws {
    try expect(.undecodable(line: line, encoding: .utf8), after: records, in: rawBytes(text))
  }

  @Test("A quote that is never closed stops the reader at the field limit, not at the end of its memory")
  func fieldLimit() throws {
    /// Two records, then a quote with endless text after it.
    struct EndlessField: ByteSource {
      var hasBegun = false

      mutating func next() -> [UInt8]? {
        defer { hasBegun = true }
        return hasBegun ? Array(repeating: UInt8(ascii: "x"), count: 1_048_576) : Array("a\nb\nc,\"".utf8)
      }
    }
    var reader = DelimitedReader(EndlessField(), delimiter: UInt8(ascii: ","))
    #expect(try reader.next() == record(1, "a"))
    #expect(try reader.next() == record(2, "b"))
    #expect(throws: DelimitedTextError.fieldTooLarge(line: 3, limit: 16_777_216)) { try reader.next() }
  }

  @Test(
    "A record without an end stops the reader at its limits",
    arguments: [
      (String(repeating: "x", count: 1_048_576) + ",", DelimitedTextError.recordTooLarge(line: 2, limit: 33_554_432)),
      ("xxx,", .tooManyFields(line: 2, limit: 100_000)), (",", .tooManyFields(line: 2, limit: 100_000)),
    ])
  func recordLimit(fields: String, expected: DelimitedTextError) throws {
    struct EndlessRecord: ByteSource {
      var piece: [UInt8]
      var hasBegun = false

      mutating func next() -> [UInt8]? {
        defer { hasBegun = true }
        return hasBegun ? piece : Array("a\n".utf8)
      }
    }
    let piece = Array(String(repeating: fields, count: max(1, 65_536 / fields.utf8.count)).utf8)
    var reader = DelimitedReader(EndlessRecord(piece: piece), delimiter: UInt8(ascii: ","))
    #expect(try reader.next() == record(1, "a"))
    #expect(throws: expected) { try reader.next() }
  }

  @Test(
    "An error says what is wrong and what to do",
    arguments: [
      (.unclosedQuote(line: 1), "never closed", "close it"),
      (.textAfterQuote(line: 1), "has text after its closing quote", "double"),
      (.nul(line: 1), "NUL", "--encoding"),
      (.undecodable(line: 1, encoding: .utf8), "not valid UTF-8", "--encoding windows-1252"),
      (.undecodable(line: 1, encoding: .utf16LittleEndian), "not valid utf-16le", "--encoding"),
      (.fieldTooLarge(line: 1, limit: 16_777_216), "longer than 16 MiB", "unclosed"),
      (.recordTooLarge(line: 1, limit: 33_554_432), "longer than 32 MiB", "remove columns from the list"),
      (.tooManyFields(line: 1, limit: 100_000), "more than 100000 cells", "delimiter"),
    ] as [(DelimitedTextError, String, String)])
  func reasons(error: DelimitedTextError, what: String, remedy: String) {
    #expect(error.reason.contains(what))
    #expect(error.reason.contains(remedy))
  }
}
