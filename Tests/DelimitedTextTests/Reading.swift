import DelimitedText
import Testing

/// What comes of reading a text: its records, and the error that ended it.
struct Reading: Hashable, Sendable {
  var records: [DelimitedRecord]
  var error: DelimitedTextError?

  /// Reads UTF-8 that arrives in pieces of a size.
  init(of bytes: [UInt8], inPiecesOf size: Int, delimiter: Unicode.Scalar = ",") throws {
    try self.init(DelimitedReader(BytesInMemory(bytes, pieceSize: size), delimiter: UInt8(ascii: delimiter)))
  }

  /// Reads a text of any encoding that arrives in pieces of a size.
  init(of bytes: [UInt8], inPiecesOf size: Int, encoding: TextEncoding) throws {
    let markLength = TextEncoding.byteOrderMark(of: bytes)?.length ?? 0
    let text = TranscodedBytes(BytesInMemory(bytes, pieceSize: size), encoding: encoding, markLength: markLength)
    try self.init(DelimitedReader(text, delimiter: UInt8(ascii: ",")))
  }

  private init(_ reader: DelimitedReader) throws {
    var reader = reader
    records = []
    do {
      while let record = try reader.next() { records.append(record) }
    } catch let error as DelimitedTextError {
      self.error = error
    }
  }
}

/// Sizes of the pieces in which every text arrives: as a whole, and cut wherever it hurts.
let pieceSizes = [1_000_000, 1, 2, 3, 7]

func record(_ line: Int, _ fields: String...) -> DelimitedRecord { DelimitedRecord(line: line, fields: fields) }

/// The bytes that a text of the characters U+0000 to U+00FF stands for.
func rawBytes(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }

func utf16(_ text: String, _ encoding: TextEncoding) -> [UInt8] { utf16(Array(text.utf16), encoding) }

func utf16(_ units: [UInt16], _ encoding: TextEncoding) -> [UInt8] {
  units.flatMap { unit in
    let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
    return encoding == .utf16BigEndian ? [high, low] : [low, high]
  }
}
