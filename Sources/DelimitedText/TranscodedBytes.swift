/// Converts a text in any ``TextEncoding`` to UTF-8 without a byte order mark.
///
/// UTF-8 passes through unchanged, because ``DelimitedReader`` validates it field by field. Throws
/// ``DelimitedTextError`` for a byte that has no character in the encoding.
package struct TranscodedBytes<Base: ByteSource>: ByteSource {
  private var base: Base
  private let encoding: TextEncoding
  private var bytesToDrop: Int
  private var line = LineCounter()
  /// The first bytes of a character that continues in the next piece.
  private var rest: [UInt8] = []

  /// - Parameter markLength: the length in bytes of the byte order mark at the start of the text.
  package init(_ base: Base, encoding: TextEncoding, markLength: Int) {
    self.base = base
    self.encoding = encoding
    bytesToDrop = markLength
  }

  package mutating func next() throws -> [UInt8]? {
    while let piece = try nextPiece() {
      let decoded =
        switch encoding {
        case .utf8: piece
        case .windows1252: try decodeWindows1252(piece)
        case .utf16LittleEndian, .utf16BigEndian: try decodeUTF16(piece)
        }
      if !decoded.isEmpty { return decoded }
    }
    guard rest.isEmpty else { throw DelimitedTextError.undecodable(line: line.current, encoding: encoding) }
    return nil
  }

  private mutating func nextPiece() throws -> [UInt8]? {
    while var piece = try base.next() {
      if bytesToDrop > 0 {
        let dropped = min(bytesToDrop, piece.count)
        piece.removeFirst(dropped)
        bytesToDrop -= dropped
      }
      if !piece.isEmpty { return piece }
    }
    return nil
  }

  private mutating func decodeWindows1252(_ piece: [UInt8]) throws -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(piece.count + piece.count / 8)
    for byte in piece {
      line.pass(byte)
      if byte < 0x80 {
        text.append(byte)
      } else if let scalar = Windows1252.scalar(for: byte) {
        text.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
      } else {
        throw DelimitedTextError.undecodable(line: line.current, encoding: encoding)
      }
    }
    return text
  }

  private mutating func decodeUTF16(_ piece: [UInt8]) throws -> [UInt8] {
    let bytes = rest + piece
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var position = 0
    while position + 1 < bytes.count {
      let unit = unit(at: position, in: bytes)
      var scalar = Unicode.Scalar(unit)
      var length = 2
      if UTF16.isLeadSurrogate(unit) {
        guard position + 3 < bytes.count else { break }
        let trail = self.unit(at: position + 2, in: bytes)
        if UTF16.isTrailSurrogate(trail) {
          scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(trail) - 0xDC00))
        }
        length = 4
      }
      guard let scalar, let encoded = UTF8.encode(scalar) else {
        throw DelimitedTextError.undecodable(line: line.current, encoding: encoding)
      }
      for byte in encoded {
        line.pass(byte)
        text.append(byte)
      }
      position += length
    }
    rest = Array(bytes[position...])
    return text
  }

  private func unit(at position: Int, in bytes: [UInt8]) -> UInt16 {
    let (first, second) = (UInt16(bytes[position]), UInt16(bytes[position + 1]))
    return encoding == .utf16LittleEndian ? second << 8 | first : first << 8 | second
  }
}

/// Counts physical lines, each ended by LF, CRLF or a lone CR.
struct LineCounter {
  /// The line of the last byte passed, or the next line if that byte ended a line; counted from 1.
  private(set) var current = 1
  private var followsReturn = false

  mutating func pass(_ byte: UInt8) {
    if byte == UInt8(ascii: "\n") {
      if !followsReturn { current += 1 }
      followsReturn = false
    } else if byte == UInt8(ascii: "\r") {
      current += 1
      followsReturn = true
    } else {
      followsReturn = false
    }
  }

  /// Passes one or more bytes that do not end a line.
  mutating func passPlainText() { followsReturn = false }
}
