import InventoryModel
import TextFormats

/// The dialects of the CSV report.
package enum CSVProfile: String, CaseIterable, Sendable {
  /// RFC 4180: commas, every value exactly as stored.
  case rfc4180
  /// For opening the file in a spreadsheet: a UTF-8 byte order mark, and no value that the spreadsheet would run or
  /// damage.
  case excel
  /// Like ``excel``, for locales that use a decimal comma.
  case excelSemicolon = "excel-semicolon"
  /// Tabs as delimiters, every value exactly as stored, in quotes if it contains a tab, a quote, or a line break.
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

  /// The byte order mark at the start of the file; empty if the profile has none.
  var mark: [UInt8] { isForSpreadsheets ? [0xEF, 0xBB, 0xBF] : [] }

  private var isForSpreadsheets: Bool { self == .excel || self == .excelSemicolon }

  /// Returns the altered text for a cell of this dialect; nil if the text needs no alteration.
  func alteration(of text: String, isIdentifier: Bool) -> String? {
    guard isForSpreadsheets else { return nil }
    return SpreadsheetCell.alteration(of: text, isIdentifier: isIdentifier)
  }
}
