import Foundation
import ProjectList
import Testing

@Suite("Files that are no lists")
struct ForeignFormatTests {
  private static let workbook: [UInt8] = Array("PK\u{3}\u{4}\u{14}\0\u{6}\0".utf8)

  @Test(
    "A file of another format is refused",
    arguments: [
      (workbook, .zip), ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0], .oldWorkbook),
      (Array("%PDF-1.4\n1 0 obj\n".utf8), .pdf), (Array("{\\rtf1\\ansi p1}".utf8), .richText),
      (Array("SQLite format 3\0".utf8), .database), ([0x1F, 0x8B, 8, 0], .compressed),
      (Array("PAR1\u{15}\u{4}".utf8), .parquet),
    ] as [([UInt8], UnsupportedFormat)])
  func binaries(bytes: [UInt8], format: UnsupportedFormat) throws {
    #expect(try refusal(of: bytes) == .foreignFormat(path: "projects.csv", format))
  }

  private static let json = [
    "{\"project_id\": \"1001\"}\n{\"project_id\": \"1002\"}\n", "[\"1001\", \"1002\"]", "[{\"id\": 1}]", "[1001, 1002]",
    "{\n  \"projects\": []\n}\n", "{}", "[]", "[[1, \"a\"]]", "[null]", "[true,false]", "[\n  1001\n]", "{ }",
  ]
  private static let markup = [
    "<!DOCTYPE html><html>", "<html>", "<table><tr><td>1001</td></tr></table>", "<?xml version=\"1.0\"?>\n<Workbook>",
    "<!-- list --><p>", "<h1>502 Bad Gateway</h1>",
  ]
  private static let texts = json.map { ($0, UnsupportedFormat.json) } + markup.map { ($0, .markup) }

  @Test("JSON, JSON Lines, HTML and XML are refused, whatever is above them", arguments: texts)
  func refused(text: String, format: UnsupportedFormat) throws {
    for above in ["", "\n\r\n", "  \t\n", "\u{FEFF}", "\u{FEFF}\n \n", "\n\u{FEFF}"] {
      let error = try refusal(of: above + text)
      #expect(error == .foreignFormat(path: "projects.csv", format), "\(above.debugDescription)")
    }
    for options in [ListReadingOptions(hasNoHeader: true), ListReadingOptions(idColumn: .number(1))] {
      #expect(try refusal(of: text, options: options) == .foreignFormat(path: "projects.csv", format))
    }
  }

  @Test("They are refused in UTF-16 too", arguments: [String.Encoding.utf16LittleEndian, .utf16BigEndian])
  func wide(encoding: String.Encoding) throws {
    let mark: [UInt8] = encoding == .utf16LittleEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]
    for (text, format) in Self.texts {
      let bytes = Array(try #require(("\n" + text).data(using: encoding)))
      #expect(try refusal(of: mark + bytes) == .foreignFormat(path: "projects.csv", format))
    }
  }

  @Test(
    "An ID that only resembles them is read",
    arguments: [
      "{6F9619FF-8B86-D011-B42D-00C04FC964FF}", "PK001", "[draft] p1", "[p1]", "{p1}", "%PDF", "<1>", "<", "{", "[",
      "[1",
      "BZh", "7z",
    ])
  func lists(id: String) throws {
    #expect(try ReadList("\(id)\np2\n").ids == [id, "p2"])
  }

  @Test("The message says what the file is and what to do")
  func messages() throws {
    #expect(
      try refusal(of: Self.workbook).description == "projects.csv: the list is an Excel workbook or another ZIP "
        + "archive; open it in a spreadsheet program and save the sheet with the IDs as CSV (UTF-8)")
    #expect(
      try refusal(of: "[1]").description
        == "projects.csv: the list is JSON; convert it to CSV with a project_id column "
        + "or to one project ID per line, e.g. with jq -r")
    for format in UnsupportedFormat.allCases {
      let message = ListError.foreignFormat(path: "l", format).description
      #expect(message.hasPrefix("l: the list is ") && message.contains("; "))
    }
  }
}
