/// The supported encodings of a list.
package enum TextEncoding: String, CaseIterable, Sendable {
  case utf8 = "utf-8"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  case windows1252 = "windows-1252"

  /// The encoding that the byte order mark at the start of `bytes` indicates, and the length of the mark in bytes; nil
  /// without a mark.
  package static func byteOrderMark(of bytes: some Collection<UInt8>) -> (encoding: TextEncoding, length: Int)? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
    if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
    if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
    return nil
  }

  /// The most likely encoding of `sample`, the beginning of a text without a byte order mark.
  ///
  /// UTF-16 is recognized by the zero bytes of its Latin characters. Windows-1252 is chosen only if the sample contains
  /// no multibyte UTF-8 character. If it contains at least one, bytes that are not UTF-8 are damage: reading a damaged
  /// list as Windows-1252 would turn every accented letter into two wrong characters.
  package static func detect(in sample: [UInt8]) -> TextEncoding {
    if let wide = detectUTF16(in: sample) { return wide }
    var position = 0
    var sequences = 0
    var strays = 0
    while position < sample.count {
      if sample[position] < 0x80 {
        position += 1
      } else if let length = UTF8Sequence.length(at: position, in: sample) {
        sequences += 1
        position += length
      } else if UTF8Sequence.isCutOff(at: position, in: sample) {
        position = sample.count
      } else {
        strays += 1
        position += 1
      }
    }
    let undefined = sample.contains { Windows1252.scalar(for: $0) == nil }
    return strays > 0 && sequences == 0 && !undefined && !sample.contains(0) ? .windows1252 : .utf8
  }

  private static func detectUTF16(in sample: [UInt8]) -> TextEncoding? {
    let units = sample.count / 2
    guard units > 0 else { return nil }
    var evenZeros = 0
    var oddZeros = 0
    for unit in 0..<units {
      if sample[unit * 2] == 0 { evenZeros += 1 }
      if sample[unit * 2 + 1] == 0 { oddZeros += 1 }
    }
    if oddZeros * 2 > units, evenZeros == 0 { return .utf16LittleEndian }
    if evenZeros * 2 > units, oddZeros == 0 { return .utf16BigEndian }
    return nil
  }
}

/// Well-formed UTF-8 sequences (Unicode 16, table 3-7).
package enum UTF8Sequence {
  /// The length in bytes of the well-formed sequence that begins at `position`; nil if there is none.
  package static func length(at position: Int, in bytes: [UInt8]) -> Int? {
    let lead = bytes[position]
    guard let (length, second) = shape(of: lead) else { return nil }
    guard position + length <= bytes.count else { return nil }
    guard length > 1 else { return 1 }
    guard second.contains(bytes[position + 1]) else { return nil }
    for offset in 2..<max(2, length) where !(0x80...0xBF).contains(bytes[position + offset]) { return nil }
    return length
  }

  /// Whether the bytes end within a sequence that is well-formed so far.
  package static func isCutOff(at position: Int, in bytes: [UInt8]) -> Bool {
    guard let (length, second) = shape(of: bytes[position]), position + length > bytes.count else { return false }
    for (offset, byte) in bytes[position...].enumerated().dropFirst() {
      guard (offset == 1 ? second : 0x80...0xBF).contains(byte) else { return false }
    }
    return true
  }

  /// The length of a sequence, determined by its first byte, and the allowed range of its second byte.
  private static func shape(of lead: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
    switch lead {
    case 0x00...0x7F: (1, 0x80...0xBF)
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }
}

/// The encoding that spreadsheets use for "CSV" on Western systems.
package enum Windows1252 {
  /// The character of a byte; nil for the five bytes that have none.
  package static func scalar(for byte: UInt8) -> Unicode.Scalar? {
    guard (0x80...0x9F).contains(byte) else { return Unicode.Scalar(byte) }
    return specials[Int(byte - 0x80)]
  }

  private static let specials: [Unicode.Scalar?] = [
    "€", nil, "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", nil, "Ž", nil,
    nil, "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", nil, "ž", "Ÿ",
  ]
}
