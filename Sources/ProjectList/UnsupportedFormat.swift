/// A file format that is not a list of text lines, recognized by how the file begins.
package enum UnsupportedFormat: String, CaseIterable, Sendable {
  case zip, oldWorkbook, json, markup, pdf, richText, compressed, database, parquet

  /// - Parameter bytes: the beginning of the file.
  /// - Returns: nil if the file may be text.
  init?(bytes: [UInt8]) {
    guard let format = Self.signatures.first(where: { bytes.starts(with: $0.bytes) })?.format else { return nil }
    self = format
  }

  /// - Parameter text: the beginning of the text as UTF-8, without a byte order mark.
  /// - Returns: nil if the text may be a list.
  init?(text: [UInt8]) {
    var text = text[...]
    while let first = text.first {
      if Self.isSpace(first) {
        text.removeFirst()
      } else if text.starts(with: [0xEF, 0xBB, 0xBF]) {
        text.removeFirst(3)
      } else {
        break
      }
    }
    if Self.isMarkup(text) {
      self = .markup
    } else if Self.isJSON(text) {
      self = .json
    } else if let format = Self(bytes: Array(text.prefix(16))) {
      self = format
    } else {
      return nil
    }
  }

  /// What the file is, and how to create a list from it.
  var description: String {
    switch self {
    case .zip: "an Excel workbook or another ZIP archive; \(Self.saveAsCSV)"
    case .oldWorkbook: "an Excel workbook (.xls) or another Office document; \(Self.saveAsCSV)"
    case .json: "JSON; convert it to CSV with a project_id column or to one project ID per line, e.g. with jq -r"
    case .markup: "HTML or XML; open it in a spreadsheet program and save it as CSV (UTF-8)"
    case .pdf: "a PDF document; provide a CSV with a project_id column, or one project ID per line"
    case .richText: "an RTF document; save it as plain text with one project ID per line"
    case .compressed: "a compressed file; decompress it first"
    case .database: "a SQLite database; export the IDs as CSV, e.g. with sqlite3 -csv -header"
    case .parquet: "a Parquet file; convert it to CSV"
    }
  }

  private static let saveAsCSV = "open it in a spreadsheet program and save the sheet with the IDs as CSV (UTF-8)"

  private static let signatures: [(bytes: [UInt8], format: UnsupportedFormat)] = [
    (Array("PK\u{3}\u{4}".utf8), .zip), (Array("PK\u{5}\u{6}".utf8), .zip), (Array("PK\u{7}\u{8}".utf8), .zip),
    ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], .oldWorkbook),
    // Workbooks of Excel 2 to 4.
    ([0x09, 0x00, 0x04, 0x00], .oldWorkbook), ([0x09, 0x02, 0x06, 0x00], .oldWorkbook),
    ([0x09, 0x04, 0x06, 0x00], .oldWorkbook),
    (Array("%PDF-".utf8), .pdf), (Array("{\\rtf".utf8), .richText), (Array("SQLite format 3\0".utf8), .database),
    ([0x1F, 0x8B], .compressed), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], .compressed),
    ([0x28, 0xB5, 0x2F, 0xFD], .compressed),
    (Array("BZh91AY&SY".utf8), .compressed), (Array("7z".utf8) + [0xBC, 0xAF], .compressed),
    (Array("PAR1".utf8) + [0x15], .parquet),
  ]

  /// Whether the text begins with a tag, a declaration or a comment.
  private static func isMarkup(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.first == UInt8(ascii: "<"), let second = text.dropFirst().first else { return false }
    return second == UInt8(ascii: "!") || second == UInt8(ascii: "?") || Unicode.Scalar(second).properties.isAlphabetic
  }

  /// Whether the text begins with an object or an array of values. An ID in braces, as some programs write a UUID, is
  /// neither.
  private static func isJSON(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first else { return false }
    let rest = text.dropFirst().drop(while: isSpace)
    switch first {
    case UInt8(ascii: "{"): return rest.first == UInt8(ascii: "\"") || rest.first == UInt8(ascii: "}")
    case UInt8(ascii: "["):
      if let next = rest.first, "\"[]{".utf8.contains(next) { return true }
      let value = rest.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "]") && !isSpace($0) }
      guard let end = rest.dropFirst(value.count).drop(while: isSpace).first,
        end == UInt8(ascii: ",") || end == UInt8(ascii: "]")
      else { return false }
      let word = String(decoding: value, as: UTF8.self)
      return ["null", "true", "false"].contains(word) || Double(word) != nil
    default: return false
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
