import DelimitedText
import Testing

@Suite("Finding out an encoding")
struct TextEncodingTests {
  @Test(
    "A byte order mark tells the encoding and its own length",
    arguments: [
      ("\u{EF}\u{BB}\u{BF}a", .utf8, 3), ("\u{EF}\u{BB}\u{BF}", .utf8, 3), ("\u{FF}\u{FE}a\0", .utf16LittleEndian, 2),
      ("\u{FE}\u{FF}\0a", .utf16BigEndian, 2),
    ] as [(String, TextEncoding, Int)])
  func marks(text: String, encoding: TextEncoding, length: Int) throws {
    let mark = try #require(TextEncoding.byteOrderMark(of: rawBytes(text)))
    #expect(mark.encoding == encoding)
    #expect(mark.length == length)
  }

  @Test("Half a mark is none", arguments: ["", "\u{EF}\u{BB}", "\u{FF}", "\u{FE}a", "a\u{EF}\u{BB}\u{BF}"])
  func noMark(text: String) {
    #expect(TextEncoding.byteOrderMark(of: rawBytes(text)) == nil)
  }

  @Test(
    "The beginning of a text tells its encoding",
    arguments: [
      // One character stands for one byte.
      ("", .utf8),
      ("project_id,name\n1,plain\n", .utf8),
      ("caf\u{C3}\u{A9}\n", .utf8),
      ("\u{E2}\u{82}\u{AC}\u{F0}\u{9F}\u{91}\u{8D}", .utf8),
      ("caf\u{E9}\n", .windows1252),
      ("\u{80} 5\n\u{93}quoted\u{94}", .windows1252),
      ("M\u{FC}nchen,S\u{E3}o Paulo,Bogot\u{E1}\n", .windows1252),
      // A stray byte amid UTF-8 is damage.
      ("caf\u{C3}\u{A9} caf\u{E9}\n", .utf8),
      // A character that the sample's end cuts off is none.
      ("caf\u{C3}", .utf8),
      ("\u{E2}\u{82}", .utf8),
      ("\u{F0}\u{9F}\u{91}", .utf8),
      // Windows-1252 has no character for 81, and no text has NUL.
      ("caf\u{E9} \u{81}\n", .utf8),
      ("caf\u{E9}\0\n", .utf8),
      // UTF-16 shows itself by its zero halves.
      ("a\0,\0b\0\n\0", .utf16LittleEndian),
      ("\0a\0,\0b\0\n", .utf16BigEndian),
      ("a\0,\0\u{E9}\0\u{AC}\u{20}\n\0", .utf16LittleEndian),
      ("\0a\0,\0\u{E9}\u{20}\u{AC}\0\n", .utf16BigEndian),
      ("a\0,\0b\0\n", .utf16LittleEndian),
      ("abc\0def\n", .utf8),
      ("\0\0\0\0", .utf8),
    ] as [(String, TextEncoding)])
  func detects(text: String, encoding: TextEncoding) {
    #expect(TextEncoding.detect(in: rawBytes(text)) == encoding)
  }

  @Test("Windows-1252 has its own characters from 80 to 9F, Latin-1 elsewhere, and five bytes without any")
  func windows1252() {
    let undefined: [UInt8] = [0x81, 0x8D, 0x8F, 0x90, 0x9D]
    #expect((0...255 as ClosedRange<UInt8>).filter { Windows1252.scalar(for: $0) == nil } == undefined)
    let specials = (0x80...0x9F as ClosedRange<UInt8>).compactMap(Windows1252.scalar)
    #expect(String(String.UnicodeScalarView(specials)) == "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ")
    let others = Array(0...0x7F) + Array(0xA0...0xFF as ClosedRange<UInt8>)
    #expect(others.allSatisfy { Windows1252.scalar(for: $0) == Unicode.Scalar($0) })
  }
}
