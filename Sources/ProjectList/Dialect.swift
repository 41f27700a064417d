import DelimitedText
import InventoryModel
import TextFormats

/// Detects the character that separates the cells of a list.
enum Dialect {
  /// The possible delimiters. If two have the same score, the first one wins.
  static let delimiters = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }

  /// The delimiter that splits the sample's records into the most consistent columns.
  ///
  /// A delimiter that produces a header cell with a known ID name wins. Otherwise, the winner is the delimiter with
  /// which the most records have as many cells as the first record. A text that no delimiter splits is a list with one
  /// column.
  ///
  /// - Parameters:
  ///   - sample: the beginning of the list as UTF-8; the last record may be truncated.
  ///   - isIDName: returns whether a header cell names the ID column.
  static func detectDelimiter(in sample: [UInt8], isIDName: (String) -> Bool) -> UInt8 {
    var best: (delimiter: UInt8, score: Double)?
    for delimiter in delimiters {
      let records = ListSample.records(of: sample, delimiter: delimiter)
      guard let first = records.first, first.fields.count > 1 else { continue }
      let namesIDs = first.fields.contains(where: isIDName)
      // Tabs at the start or end of a line are whitespace around its only cell.
      let isSpace = delimiter == UInt8(ascii: "\t") && first.fields.count { !$0.trimmingSpace().isEmpty } < 2
      if isSpace && !namesIDs { continue }
      let steady = records.count { $0.fields.count == first.fields.count }
      var score = Double(steady) / Double(records.count)
      if namesIDs { score += 2 }
      if score > best?.score ?? 0 { best = (delimiter, score) }
    }
    return best?.delimiter ?? delimiters[0]
  }

  /// The name of a delimiter, for messages and as a value of `--delimiter`.
  static func name(of delimiter: UInt8) -> String {
    delimiter == UInt8(ascii: "\t") ? "tab" : String(Unicode.Scalar(delimiter))
  }
}
