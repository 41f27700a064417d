/// One record of a delimited text.
package struct DelimitedRecord: Hashable, Sendable {
  /// The physical line on which the record begins, counted from 1.
  package var line: Int
  package var fields: [String]

  package init(line: Int, fields: [String]) {
    self.line = line
    self.fields = fields
  }

  /// Whether every cell is empty or contains only whitespace, as in a blank line.
  package var isBlank: Bool {
    fields.allSatisfy { field in
      // Fast path: most records have text in their first cell.
      if let first = field.utf8.first, first > 0x20, first < 0x80 { return false }
      return field.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }
  }
}

/// Reads records (RFC 4180) from UTF-8 text that arrives piece by piece, in constant memory.
///
/// Lines end with LF, CRLF or a lone CR. A quote inside an unquoted field is an ordinary character. Only spaces may
/// follow a closing quote. Throws ``DelimitedTextError`` and the errors of the source.
package struct DelimitedReader {
  /// The maximum size of a field in bytes. It prevents an unclosed quote from consuming the rest of the file.
  package static var fieldLimit: Int { RecordScanner.fieldLimit }

  // Called once per piece only. The code that runs for every record is not generic, so it needs no specialization.
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
