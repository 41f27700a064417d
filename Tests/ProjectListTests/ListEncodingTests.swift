import DelimitedText
import Foundation
import InventoryModel
import ProjectList
import Testing

@Suite("The list's encoding")
struct ListEncodingTests {
  private static let text = "project_id;dueño\np1;Bogotá\np2;São Paulo\n"
  private static let rows = [
    ListRow(line: 2, projectID: "p1", input: ["Bogotá"]), ListRow(line: 3, projectID: "p2", input: ["São Paulo"]),
  ]

  @Test(
    "A list is read in whatever encoding it comes, with or without a mark",
    arguments: [
      (.utf8, "\u{EF}\u{BB}\u{BF}", .utf8), (.utf8, "", .utf8),
      (.utf16LittleEndian, "\u{FF}\u{FE}", .utf16LittleEndian), (.utf16LittleEndian, "", .utf16LittleEndian),
      (.utf16BigEndian, "\u{FE}\u{FF}", .utf16BigEndian), (.utf16BigEndian, "", .utf16BigEndian),
      (.windowsCP1252, "", .windows1252),
    ] as [(String.Encoding, String, TextEncoding)])
  func encodings(written: String.Encoding, mark: String, read: TextEncoding) throws {
    let bytes = rawBytes(mark) + Array(try #require(Self.text.data(using: written)))
    let list = try ReadList(bytes)
    #expect(list.encoding == read)
    #expect(list.delimiter == ";")
    #expect(list.idColumnName == "project_id")
    #expect(list.inputColumns == ["dueño"])
    #expect(list.rows == Self.rows)
  }

  @Test("A mark is not part of the first ID")
  func markBeforeID() throws {
    #expect(try ReadList("\u{FEFF}p1\np2\n").ids == ["p1", "p2"])
    #expect(try ReadList("\u{FEFF}\"project_id\"\np1\n").ids == ["p1"])
  }

  @Test(
    "An encoding that was given is not doubted",
    arguments: [
      (.utf8, .utf8, .utf8), (.windows1252, .windowsCP1252, .windows1252),
      (.utf16, .utf16LittleEndian, .utf16LittleEndian), (.utf16, .utf16BigEndian, .utf16BigEndian),
    ] as [(ListReadingOptions.Encoding, String.Encoding, TextEncoding)])
  func given(option: ListReadingOptions.Encoding, written: String.Encoding, read: TextEncoding) throws {
    let bytes = Array(try #require(Self.text.data(using: written)))
    let list = try ReadList(bytes, options: ListReadingOptions(encoding: option))
    #expect(list.encoding == read)
    #expect(list.rows == Self.rows)
  }

  @Test("A mark of UTF-8 is not part of the first name or ID when another encoding was given")
  func markAgainstOption() throws {
    let options = ListReadingOptions(encoding: .windows1252)
    #expect(try ReadList("\u{FEFF}p1\np2\n", options: options).ids == ["p1", "p2"])
    #expect(try ReadList("\u{FEFF}project_id\np1\n", options: options).ids == ["p1"])
  }

  @Test("A text that is not UTF-16 is not read as UTF-16", arguments: ["", "\u{FEFF}"])
  func notUTF16(mark: String) throws {
    let options = ListReadingOptions(encoding: .utf16)
    #expect(try refusal(of: mark + "project_id\n1001\n", options: options) == .notUTF16(path: "projects.csv"))
  }

  @Test("Windows-1252 that reads as UTF-8 by chance is read as told")
  func givenWindows1252() throws {
    let bytes = rawBytes("project_id,name\np1,\u{C3}\u{A9}\n")
    #expect(try ReadList(bytes).rows.map(\.input) == [["é"]])
    let list = try ReadList(bytes, options: ListReadingOptions(encoding: .windows1252))
    #expect(list.rows.map(\.input) == [["Ã©"]])
  }

  @Test(
    "A byte amid UTF-8 that does not fit is refused with its line",
    arguments: [
      ("project_id,name\np1,caf\u{C3}\u{A9}\np2,caf\u{E9}\n", 3),
      ("project_id,name\np1,\"\u{C3}\u{A9}\n\u{E9}\"\n", 3),
      ("project_id,caf\u{C3}\u{A9}\u{E9}\np1,a\n", 1),
      ("\u{EF}\u{BB}\u{BF}project_id,name\np1,caf\u{E9}\n", 2),
    ])
  func damage(text: String, line: Int) throws {
    #expect(
      try refusal(of: rawBytes(text)) == .malformed(path: "projects.csv", .undecodable(line: line, encoding: .utf8)))
  }

  @Test("A byte past the first 64 KB that does not fit is refused with its line")
  func lateDamage() throws {
    let plain = "project_id,name\n" + (1...10_000).map { "p\($0),plain\n" }.joined()
    #expect(
      try refusal(of: rawBytes(plain + "p,caf\u{E9}\n"))
        == .malformed(path: "projects.csv", .undecodable(line: 10_002, encoding: .utf8)))
    let accented = "project_id,ni\u{F1}o\n" + (1...10_000).map { "p\($0),plain\n" }.joined()
    #expect(
      try refusal(of: rawBytes(accented + "p,\u{81}\n"))
        == .malformed(path: "projects.csv", .undecodable(line: 10_002, encoding: .windows1252)))
  }

  @Test("A NUL is refused with its line, whatever the encoding")
  func nul() throws {
    #expect(try refusal(of: "project_id\np1\np\0\n") == .malformed(path: "projects.csv", .nul(line: 3)))
    let wide = Array(try #require("project_id\np1\np\0\n".data(using: .utf16LittleEndian)))
    #expect(try refusal(of: [0xFF, 0xFE] + wide) == .malformed(path: "projects.csv", .nul(line: 3)))
  }

  @Test("Half a character in UTF-16 is refused with its line")
  func loneSurrogate() throws {
    let text = Array(try #require("project_id;name\np1;a\np2;".data(using: .utf16LittleEndian)))
    #expect(
      try refusal(of: [0xFF, 0xFE] + text + [0x3D, 0xD8, 0x0A, 0x00])
        == .malformed(path: "projects.csv", .undecodable(line: 3, encoding: .utf16LittleEndian)))
  }
}
