import DelimitedText
import InventoryModel

/// How to read a list. Options that are nil are detected from the first 64 KB.
package struct ListReadingOptions: Hashable, Sendable {
  /// The column that holds the IDs.
  package enum IDColumn: Hashable, Sendable {
    case name(String)
    /// Counted from 1.
    case number(Int)
  }

  package enum Encoding: String, CaseIterable, Sendable {
    case auto
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    case windows1252 = "windows-1252"
  }

  package var idColumn: IDColumn?
  /// One ASCII character.
  package var delimiter: UInt8?
  /// Whether the first row is data even if it looks like a header.
  package var hasNoHeader: Bool
  package var encoding: Encoding

  package init(
    idColumn: IDColumn? = nil, delimiter: UInt8? = nil, hasNoHeader: Bool = false, encoding: Encoding = .auto
  ) {
    self.idColumn = idColumn
    self.delimiter = delimiter
    self.hasNoHeader = hasNoHeader
    self.encoding = encoding
  }

  /// Whether a header cell names the ID column.
  func namesIDColumn(_ cell: String) -> Bool {
    if case .name(let name) = idColumn { return ColumnName.index(of: name, in: [cell]) != nil }
    return ColumnLayout.isIDName(cell)
  }

  /// Whether the beginning of a list can have the specified encoding. UTF-16 has a zero byte in each line end.
  func fits(_ sample: [UInt8]) -> Bool {
    encoding != .utf16 || sample.isEmpty || sample.contains(0)
      || [.utf16LittleEndian, .utf16BigEndian].contains(TextEncoding.byteOrderMark(of: sample)?.encoding)
  }

  func textEncoding(of sample: [UInt8]) -> (encoding: TextEncoding, length: Int) {
    let mark = TextEncoding.byteOrderMark(of: sample)
    // A UTF-8 byte order mark is never text, whatever follows it.
    let lengthOfUTF8Mark = mark?.encoding == .utf8 ? mark?.length ?? 0 : 0
    switch encoding {
    case .auto: return mark ?? (TextEncoding.detect(in: sample), 0)
    case .utf8: return (.utf8, lengthOfUTF8Mark)
    case .windows1252: return (.windows1252, lengthOfUTF8Mark)
    case .utf16:
      if let mark, mark.encoding != .utf8 { return mark }
      // Without a mark, the zero bytes of Latin characters show the byte order. The default is little-endian, as on
      // Windows.
      return (TextEncoding.detect(in: sample) == .utf16BigEndian ? .utf16BigEndian : .utf16LittleEndian, 0)
    }
  }
}
