import DelimitedText
import Testing

@Suite("Texts in other encodings")
struct TranscodedBytesTests {
  private static let text = "id,name\r\n007,é ñ € “x”\r\n8,\"漢字\r\n👩🏽‍🚀🇨🇴\"\r\n\u{10FFFF},\u{FFFD}"
  private static let records = [
    record(1, "id", "name"), record(2, "007", "é ñ € “x”"), record(3, "8", "漢字\r\n👩🏽‍🚀🇨🇴"),
    record(5, "\u{10FFFF}", "\u{FFFD}"),
  ]

  @Test("UTF-16 is read however its characters are cut", arguments: TextEncoding.wide, pieceSizes)
  func utf16Text(encoding: TextEncoding, size: Int) throws {
    for mark in ["", "\u{FEFF}"] {
      let reading = try Reading(of: utf16(mark + Self.text, encoding), inPiecesOf: size, encoding: encoding)
      #expect(reading.error == nil)
      #expect(reading.records == Self.records)
    }
  }

  @Test("UTF-8 passes without its mark", arguments: pieceSizes)
  func utf8Text(size: Int) throws {
    let reading = try Reading(of: [0xEF, 0xBB, 0xBF] + Array(Self.text.utf8), inPiecesOf: size, encoding: .utf8)
    #expect(reading.error == nil)
    #expect(reading.records == Self.records)
  }

  @Test("Windows-1252 is read with its own characters", arguments: pieceSizes)
  func windows1252Text(size: Int) throws {
    let bytes = rawBytes("id,name\n1,\u{80} \u{93}x\u{94} \u{8A}\u{9F} \u{E9}\u{F1}\u{A0}\u{FF}\n")
    let reading = try Reading(of: bytes, inPiecesOf: size, encoding: .windows1252)
    #expect(reading.error == nil)
    #expect(reading.records == [record(1, "id", "name"), record(2, "1", "€ “x” ŠŸ éñ\u{A0}ÿ")])
  }

  @Test(
    "A surrogate without its partner is told by its line",
    arguments: [
      ([0x61, 0x0A, 0xD83D, 0x0A, 0x62], 2),
      ([0x61, 0x0A, 0xDC4D, 0x0A, 0x62], 2),
      ([0xD83D, 0xD83D, 0xDC4D], 1),
      ([0x61, 0x0D, 0x0A, 0x0D, 0x0A, 0xDC4D, 0xD83D], 3),
      ([0x61, 0x0A, 0x62, 0x0A, 0xD83D], 3),
    ] as [([UInt16], Int)], TextEncoding.wide)
  func loneSurrogate(sample: ([UInt16], Int), encoding: TextEncoding) throws {
    for size in pieceSizes {
      let reading = try Reading(of: utf16(sample.0, encoding), inPiecesOf: size, encoding: encoding)
      #expect(reading.error == .undecodable(line: sample.1, encoding: encoding), "pieces of \(size)")
    }
  }

  @Test("An odd byte at the end is told by its line", arguments: TextEncoding.wide, pieceSizes)
  func oddByte(encoding: TextEncoding, size: Int) throws {
    let reading = try Reading(of: utf16("a\nb\n", encoding) + [0x63], inPiecesOf: size, encoding: encoding)
    #expect(reading.error == .undecodable(line: 3, encoding: encoding))
  }

  @Test("A byte that Windows-1252 has no character for is told by its line", arguments: pieceSizes)
  func undefinedByte(size: Int) throws {
    for byte: UInt8 in [0x81, 0x8D, 0x8F, 0x90, 0x9D] {
      let bytes = rawBytes("a\r\n\u{80}\r\n\"b\r\nc") + [byte]
      let reading = try Reading(of: bytes, inPiecesOf: size, encoding: .windows1252)
      #expect(reading.error == .undecodable(line: 4, encoding: .windows1252))
    }
  }

  @Test("NUL stays an error in UTF-16", arguments: TextEncoding.wide, pieceSizes)
  func nul(encoding: TextEncoding, size: Int) throws {
    let reading = try Reading(of: utf16("a\nb\0\n", encoding), inPiecesOf: size, encoding: encoding)
    #expect(reading.error == .nul(line: 2))
  }

  @Test("What was read ahead comes first, and no piece is ever empty")
  func replayed() throws {
    var source = ReplayedBytes([1, 2], then: BytesInMemory([3, 4, 5], pieceSize: 2))
    var pieces: [[UInt8]] = []
    while let piece = try source.next() { pieces.append(piece) }
    #expect(pieces == [[1, 2], [3, 4], [5]])

    var empty = ReplayedBytes([], then: BytesInMemory([]))
    #expect(try empty.next() == nil)
  }
}

extension TextEncoding {
  fileprivate static let wide: [TextEncoding] = [.utf16LittleEndian, .utf16BigEndian]
}
