import DelimitedText
import InventoryModel
import TextFormats

/// Finds out which character separates the cells of a list.
enum Dialect {
  /// In the order in which they win a tie.
  static let delimiters = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }

  /// The delimiter that cuts the sample's records into the steadiest columns.
  ///
  /// One that puts a known ID name at the head of a column of its own wins; then the one under which most records have
  /// as many cells as the first. A text that none of them divides is a list of one column.
  ///
  /// - Parameters:
  ///   - sample: the beginning of the list as UTF-8, whose last record may be cut off.
  ///   - isIDName: whether a header cell names the ID column.
  static func detectDelimiter(in sample: [UInt8], isIDName: (String) -> Bool) -> UInt8 {
    var best: (delimiter: UInt8, score: Double)?
    for delimiter in delimiters {
      let records = ListSample.records(of: sample, delimiter: delimiter)
      guard let first = records.first, first.fields.count > 1 else { continue }
      let namesIDs = first.fields.contains(where: isIDName)
      // Tabs at a line's ends are space around its only cell.
      let isSpace = delimiter == UInt8(ascii: "\t") && first.fields.count { !$0.trimmingSpace().isEmpty } < 2
      if isSpace && !namesIDs { continue }
      let steady = records.count { $0.fields.count == first.fields.count }
      var score = Double(steady) / Double(records.count)
      if namesIDs { score += 2 }
      if score > best?.score ?? 0 { best = (delimiter, score) }
    }
    return best?.delimiter ?? delimiters[0]
  }

  /// The name of a delimiter, in messages and as `--delimiter` takes it.
  static func name(of delimiter: UInt8) -> String {
    delimiter == UInt8(ascii: "\t") ? "tab" : String(Unicode.Scalar(delimiter))
  }
}
