/// One record of a delimited text.
package struct DelimitedRecord: Hashable, Sendable {
  /// Physical line on which the record begins, from 1.
  package var line: Int
  package var fields: [String]

  package init(line: Int, fields: [String]) {
    self.line = line
    self.fields = fields
  }

  /// Whether every cell is empty or holds nothing but spaces, as in a blank line.
  package var isBlank: Bool {
    fields.allSatisfy { field in
      // Most records have text in their first cell.
      if let first = field.utf8.first, first > 0x20, first < 0x80 { return false }
      return field.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }
  }
}

/// Reads records (RFC 4180) out of UTF-8 text that arrives piece by piece, in constant memory.
///
/// Lines end with LF, CRLF or a lone CR. A quote inside an unquoted field is a character; after a closing quote only
/// spaces may follow. Throws ``DelimitedTextError``, and whatever the source throws.
package struct DelimitedReader {
  /// Bytes a field may have; past it the reader stops rather than swallow a file after an unclosed quote.
  package static var fieldLimit: Int { RecordScanner.fieldLimit }

  // Asked once a piece: what runs for every record is not generic, and compiled as it is used.
  private var source: any ByteSource
  private var scanner: RecordScanner

  package init(_ source: some ByteSource, delimiter: UInt8) {
    self.source = source
    scanner = RecordScanner(delimiter: delimiter)
  }

  /// The next record, or nil at the end. A blank line is a record of one empty field.
  package mutating func next() throws -> DelimitedRecord? {
    while true {
      if let record = try scanner.next() { return record }
      guard let piece = try source.next() else { return try scanner.finish() }
      scanner.take(piece)
    }
  }
}
