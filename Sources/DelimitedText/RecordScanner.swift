/// Cuts pieces of text into records. Not generic, so that what runs for every byte of a list is compiled as it is used.
struct RecordScanner {
  static let fieldLimit = 16 * 1_048_576
  /// Bytes of a record: a few of them are held at a time, and as JSON, where a byte may become six, it is far from what
  /// SQLite takes (10⁹).
  static let recordLimit = 32 * 1_048_576
  static let mostFields = 100_000

  private enum Place {
    case recordStart, fieldStart, unquoted, quoted, afterQuote, afterQuoteAndSpace
  }

  /// What a byte ends.
  private enum End {
    case nothing, field, record
  }

  private let delimiter: UInt8
  /// By byte: whether it is a character of a field wherever it stands within one.
  private let isPlain: [Bool]
  private var piece: [UInt8] = []
  private var position = 0
  private var line = LineCounter()
  private var place = Place.recordStart
  /// The bytes of the record's fields so far, and where each ended.
  private var text: [UInt8] = []
  private var ends: [Int] = []
  private var recordLine = 1
  private var fieldLine = 1
  /// A CR ended the last record: an LF that follows belongs to it.
  private var followsReturn = false

  init(delimiter: UInt8) {
    self.delimiter = delimiter
    let meaningful = [delimiter] + Array("\"\n\r\0".utf8)
    isPlain = (0...255).map { !meaningful.contains($0) }
  }

  /// Once ``next()`` has nothing more of the piece before.
  mutating func take(_ piece: [UInt8]) {
    self.piece = piece
    position = 0
  }

  /// The next record that ends within the piece; nil where the piece ends before.
  mutating func next() throws -> DelimitedRecord? {
    guard try scan() else { return nil }
    return try record()
  }

  /// Goes through the piece up to the end of a record; false when the piece ends before.
  private mutating func scan() throws -> Bool {
    while position < piece.count {
      if place == .unquoted || place == .quoted { try passPlainText() }
      guard position < piece.count else { return false }
      let byte = piece[position]
      let line = self.line.current
      position += 1
      self.line.pass(byte)
      if followsReturn {
        followsReturn = false
        if byte == UInt8(ascii: "\n") { continue }
      }
      if byte == 0 { throw DelimitedTextError.nul(line: line) }
      switch (place, end(at: byte)) {
      case (.quoted, _):
        if byte == UInt8(ascii: "\"") { place = .afterQuote } else { text.append(byte) }
      case (.recordStart, let end), (.fieldStart, let end):
        if place == .recordStart { recordLine = line }
        fieldLine = line
        if end != .nothing {
          if endField(end, byte) { return true }
        } else if byte == UInt8(ascii: "\"") {
          place = .quoted
        } else {
          text.append(byte)
          place = .unquoted
        }
      case (_, .field), (_, .record):
        if endField(end(at: byte), byte) { return true }
      case (.unquoted, .nothing):
        text.append(byte)
      case (.afterQuote, .nothing) where byte == UInt8(ascii: "\""):
        text.append(byte)
        place = .quoted
      case (.afterQuote, .nothing), (.afterQuoteAndSpace, .nothing):
        guard byte == UInt8(ascii: " ") else { throw DelimitedTextError.textAfterQuote(line: fieldLine) }
        place = .afterQuoteAndSpace
      }
      try checkLength()
    }
    return false
  }

  /// Takes the field's bytes up to the next that may mean something, which are most, as a whole.
  private mutating func passPlainText() throws {
    let start = position
    var end = start
    piece.withUnsafeBufferPointer { bytes in
      while end < bytes.count, isPlain[Int(bytes[end])] { end += 1 }
    }
    guard end > start else { return }
    Self.append(piece, start..<end, to: &text)
    line.passPlainText()
    position = end
    try checkLength()
  }

  /// Without a slice between, which would hold on to the piece.
  private static func append(_ piece: [UInt8], _ range: Range<Int>, to text: inout [UInt8]) {
    piece.withUnsafeBufferPointer { text.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range])) }
  }

  private func checkLength() throws {
    if text.count - (ends.last ?? 0) > Self.fieldLimit {
      throw DelimitedTextError.fieldTooLarge(line: fieldLine, limit: Self.fieldLimit)
    }
    if text.count > Self.recordLimit {
      throw DelimitedTextError.recordTooLarge(line: recordLine, limit: Self.recordLimit)
    }
    if ends.count >= Self.mostFields {
      throw DelimitedTextError.tooManyFields(line: recordLine, limit: Self.mostFields)
    }
  }

  private func end(at byte: UInt8) -> End {
    if byte == delimiter { return .field }
    return byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") ? .record : .nothing
  }

  /// Closes the field; true when the record is whole.
  private mutating func endField(_ end: End, _ byte: UInt8) -> Bool {
    ends.append(text.count)
    guard end == .record else {
      place = .fieldStart
      return false
    }
    followsReturn = byte == UInt8(ascii: "\r")
    place = .recordStart
    return true
  }

  /// What is left when the text ends without a line's end.
  mutating func finish() throws -> DelimitedRecord? {
    switch place {
    case .recordStart: return nil
    case .quoted: throw DelimitedTextError.unclosedQuote(line: fieldLine)
    case .fieldStart, .unquoted, .afterQuote, .afterQuoteAndSpace:
      ends.append(text.count)
      place = .recordStart
      return try record()
    }
  }

  private mutating func record() throws -> DelimitedRecord {
    defer {
      text.removeAll(keepingCapacity: true)
      ends.removeAll(keepingCapacity: true)
    }
    let fields = text.withUnsafeBufferPointer { text -> [String]? in
      let isASCII = text.reduce(0, |) < 0x80
      var fields: [String] = []
      fields.reserveCapacity(ends.count)
      var start = 0
      for end in ends {
        let bytes = UnsafeBufferPointer(rebasing: text[start..<end])
        start = end
        if isASCII || bytes.reduce(0, |) < 0x80 {
          fields.append(String(decoding: bytes, as: UTF8.self))
          continue
        }
        // Quicker than to validate, and the same: where text had to be mended, its bytes are others.
        var field = String(decoding: bytes, as: UTF8.self)
        guard field.withUTF8({ $0.elementsEqual(bytes) }) else { return nil }
        fields.append(field)
      }
      return fields
    }
    guard let fields else { throw DelimitedTextError.undecodable(line: lineOfDamage(), encoding: .utf8) }
    return DelimitedRecord(line: recordLine, fields: fields)
  }

  /// The physical line of the record's first byte that is not UTF-8. Fields are looked at one by one: neither a
  /// character nor a CRLF spans two of them.
  private func lineOfDamage() -> Int {
    var damage = recordLine
    var start = 0
    for end in ends {
      let field = Array(text[start..<end])
      var line = LineCounter()
      var position = 0
      while position < field.count, let length = UTF8Sequence.length(at: position, in: field) {
        line.pass(field[position])
        position += length
      }
      damage += line.current - 1
      if position < field.count { break }
      start = end
    }
    return damage
  }
}
