import InventoryModel
import TextFormats

/// The dialects of the CSV report.
package enum CSVProfile: String, CaseIterable, Sendable {
  /// RFC 4180: commas, every value exactly as stored.
  case rfc4180
  /// For a spreadsheet that is opened with the file: a mark of UTF-8, nothing that would run or be damaged.
  case excel
  /// The same for locales whose decimal sign is the comma.
  case excelSemicolon = "excel-semicolon"
  /// Tabs, every value exactly as stored, in quotes where it holds a tab, a quote or a line break.
  case tsv

  /// Name of the report's file in the output folder.
  package var fileName: String { self == .tsv ? "inventory.tsv" : "inventory.csv" }

  var delimiter: UInt8 {
    switch self {
    case .rfc4180, .excel: UInt8(ascii: ",")
    case .excelSemicolon: UInt8(ascii: ";")
    case .tsv: UInt8(ascii: "\t")
    }
  }

  /// What the file begins with.
  var mark: [UInt8] { isForSpreadsheets ? [0xEF, 0xBB, 0xBF] : [] }

  private var isForSpreadsheets: Bool { self == .excel || self == .excelSemicolon }

  /// What a text becomes in a cell of this dialect; nil when it stays as it is.
  func alteration(of text: String, isIdentifier: Bool) -> String? {
    guard isForSpreadsheets else { return nil }
    return SpreadsheetCell.alteration(of: text, isIdentifier: isIdentifier)
  }
}
