import DelimitedText
import InventoryModel

/// The beginning of a list, from which the way to read it is detected.
struct ListSample {
  /// UTF-8 without a byte order mark; the last record may be truncated.
  let text: [UInt8]
  /// The length in bytes of the complete lines in the text.
  private let wholeLines: Int

  /// - Parameters:
  ///   - bytes: the beginning of the file.
  ///   - isWhole: whether `bytes` is the whole file.
  init(_ bytes: [UInt8], encoding: TextEncoding, markLength: Int, isWhole: Bool) {
    var decoder = TranscodedBytes(BytesInMemory(bytes), encoding: encoding, markLength: markLength)
    var text: [UInt8] = []
    while let piece = try? decoder.next() { text += piece }
    self.text = text
    let end = text.lastIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    wholeLines = isWhole ? text.count : end.map { $0 + 1 } ?? 0
  }

  /// The first complete records that are not blank.
  ///
  /// - Parameter skipsSeparatorLine: whether to skip the first of them, because it is a `sep=` line.
  func records(delimiter: UInt8, skipsSeparatorLine: Bool) -> ArraySlice<DelimitedRecord> {
    Self.records(of: Array(text[..<wholeLines]), delimiter: delimiter).dropFirst(skipsSeparatorLine ? 1 : 0)
  }

  /// The first records of a text that are not blank, at most 200. Stops at the first record that can't be read.
  static func records(of text: [UInt8], delimiter: UInt8) -> [DelimitedRecord] {
    var reader = DelimitedReader(BytesInMemory(text), delimiter: delimiter)
    var records: [DelimitedRecord] = []
    while let record = try? reader.next(), records.count < 200 {
      if !record.isBlank { records.append(record) }
    }
    return records
  }

  var hasQuotes: Bool { text.contains(UInt8(ascii: "\"")) }
}
