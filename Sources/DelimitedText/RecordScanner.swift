/// Splits pieces of text into records. Not generic, so that the code that runs for every byte needs no specialization.
struct RecordScanner {
  static let fieldLimit = 16 * 1_048_576
  /// The maximum size of a record in bytes.
  ///
  /// Only a few records are in memory at a time. In JSON, where one byte may become six, a record is still far below
  /// SQLite's limit (10⁹).
  static let recordLimit = 32 * 1_048_576
  static let mostFields = 100_000

  private enum Place {
    case recordStart, fieldStart, unquoted, quoted, afterQuote, afterQuoteAndSpace
  }

  /// What a byte terminates.
  private enum End {
    case nothing, field, record
  }

  private let delimiter: UInt8
  /// For each byte value: whether it is an ordinary character at any position within a field.
  private let isPlain: [Bool]
  private var piece: [UInt8] = []
  private var position = 0
  private var line = LineCounter()
  private var place = Place.recordStart
  /// The bytes of the record's fields so far, and the offset at which each field ends.
  private var text: [UInt8] = []
  private var ends: [Int] = []
  private var recordLine = 1
  private var fieldLine = 1
  /// Whether a CR ended the last record. An LF that follows belongs to the same line end.
  private var followsReturn = false

  init(delimiter: UInt8) {
    self.delimiter = delimiter
    let meaningful = [delimiter] + Array("\"\n\r\0".utf8)
    isPlain = (0...255).map { !meaningful.contains($0) }
  }

  /// Sets the next piece. Call it only when ``next()`` returns no more records from the previous piece.
  mutating func take(_ piece: [UInt8]) {
    self.piece = piece
    position = 0
  }

  /// The next record that ends within the piece; nil if the piece ends first.
  mutating func next() throws -> DelimitedRecord? {
    guard try scan() else { return nil }
    return try record()
  }

  /// Scans the piece up to the end of a record; false if the piece ends first.
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

  /// Appends all ordinary characters up to the next special one in one step. Most bytes are ordinary.
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

  /// Appends a range without an intermediate slice, which would retain the piece.
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

  /// Ends the field; true if the record is complete.
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

  /// The last record, if the text does not end with a line end; nil if there is none.
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
        // Faster than validation, with the same result: if decoding repaired the text, its bytes differ.
        var field = String(decoding: bytes, as: UTF8.self)
        guard field.withUTF8({ $0.elementsEqual(bytes) }) else { return nil }
        fields.append(field)
      }
      return fields
    }
    guard let fields else { throw DelimitedTextError.undecodable(line: lineOfDamage(), encoding: .utf8) }
    return DelimitedRecord(line: recordLine, fields: fields)
  }

  /// The physical line of the record's first byte that is not UTF-8.
  ///
  /// Fields are checked one by one: neither a character nor a CRLF spans two fields.
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
