import InventoryModel
import TextFormats

/// Replaces secrets with `***` wherever their values occur: as written, partly or fully percent-encoded, or with JSON
/// escapes.
package struct SecretMask: Sendable {
  /// The length in bytes of the shortest secret to search for. A shorter one would occur in harmless text.
  private static let shortest = 4
  /// The length in bytes of a secret that other text doesn't contain by chance.
  static let shortestCertain = 8

  /// The secrets by their first four bytes, the longest first: one may be a prefix of another.
  private let byStart: [UInt32: [[UInt8]]]
  /// The bytes that can be first or second in a match. Most bytes of a text can't, and are skipped.
  private let isFirst: [Bool]
  private let isSecond: [Bool]

  /// - Parameter secrets: secrets shorter than four bytes are ignored.
  package init(_ secrets: [[UInt8]]) {
    let secrets = Set(secrets).filter { $0.count >= Self.shortest }
    byStart = Dictionary(grouping: secrets) { $0.prefix(Self.shortest).reduce(0) { $0 << 8 | UInt32($1) } }
      .mapValues { $0.sorted { $0.count > $1.count } }
    // Every escape sequence starts with one of these bytes.
    let escapes = Array("%\\".utf8)
    func bytes(at place: Int) -> [Bool] {
      var isOne = [Bool](repeating: false, count: 256)
      for byte in secrets.map({ $0[place] }) + escapes { isOne[Int(byte)] = true }
      return isOne
    }
    isFirst = bytes(at: 0)
    isSecond = bytes(at: 1)
  }

  /// Masks nothing.
  package static let none = SecretMask([])

  /// Masks the secrets of both masks.
  package func union(_ other: SecretMask) -> SecretMask {
    SecretMask([self, other].flatMap { $0.byStart.values.joined() })
  }

  /// The text with every occurrence of each secret masked.
  package func masked(_ text: String) -> String { replacement(for: text) ?? text }

  /// Masks the secrets in each of a row's cells.
  package func mask(_ cells: inout [String?]) {
    for index in cells.indices {
      if let text = cells[index], let masked = replacement(for: text) { cells[index] = masked }
    }
  }

  /// Like ``masked(_:)``, but nil when there is nothing to mask.
  private func replacement(for text: String) -> String? {
    guard !byStart.isEmpty else { return nil }
    var text = text
    let result: [UInt8]? = text.withUTF8 { bytes in
      firstMatch(in: bytes, from: 0).map { masked(bytes, first: $0.range) }
    }
    return result.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether the whole text is one of the secrets.
  func isSecret(_ text: String) -> Bool { replacement(for: text)?.isExactly(Redaction.mask) ?? false }

  /// Whether the text contains a secret that is too long to occur by chance.
  package func contains(keyIn text: String) -> Bool {
    guard !byStart.isEmpty else { return false }
    var text = text
    return text.withUTF8 { bytes in
      var position = 0
      while let match = firstMatch(in: bytes, from: position) {
        if match.length >= Self.shortestCertain { return true }
        position = match.range.lowerBound + 1
      }
      return false
    }
  }

  /// Whether a JSON text may contain a secret, however it is escaped. False for nearly all texts.
  func mayFind(inJSON text: [UInt8]) -> Bool {
    guard !byStart.isEmpty else { return false }
    // A backslash may hide a secret, which is found when the text is parsed.
    return text.contains(UInt8(ascii: "\\"))
      || text.withUnsafeBufferPointer { firstMatch(in: $0, from: 0) != nil }
  }

  private func masked(_ bytes: UnsafeBufferPointer<UInt8>, first: Range<Int>) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    var next: Range<Int>? = first
    while let match = next {
      result += bytes[position..<match.lowerBound]
      result += Redaction.mask.utf8
      position = match.upperBound
      next = firstMatch(in: bytes, from: position)?.range
    }
    result += bytes[position...]
    return result
  }

  /// - Returns: the range of the secret in the text, and the secret's own length in bytes.
  private func firstMatch(
    in bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (range: Range<Int>, length: Int)? {
    var position = start
    while position + Self.shortest <= bytes.count {
      if isFirst[Int(bytes[position])], isSecond[Int(bytes[position + 1])] || isEscape(bytes[position]) {
        for secret in candidates(in: bytes, at: position) {
          if let end = Self.end(of: secret, in: bytes, from: position) { return (position..<end, secret.count) }
        }
      }
      position += 1
    }
    return nil
  }

  private func isEscape(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") }

  /// The secrets that may occur at a position, by its first four bytes as written and as decoded.
  private func candidates(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> [[UInt8]] {
    var (written, meant) = (UInt32(0), UInt32(0))
    var next = position
    for offset in 0..<Self.shortest {
      written = written << 8 | UInt32(bytes[position + offset])
      guard let (byte, length) = Self.decoded(bytes, at: next) else { break }
      meant = meant << 8 | UInt32(byte)
      next += length
    }
    let secrets = byStart[meant] ?? []
    return written == meant ? secrets : secrets + (byStart[written] ?? [])
  }

  private static func end(of secret: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var position = start
    for expected in secret {
      // A secret itself may contain a percent sign or a backslash.
      if position < bytes.count, bytes[position] == expected, decoded(bytes, at: position)?.byte != expected {
        position += 1
        continue
      }
      guard let (byte, length) = decoded(bytes, at: position), byte == expected else { return nil }
      position += length
    }
    return position
  }

  /// The decoded byte at a position, and the number of bytes that encode it: `%2F`, `\u002f` and `\/` are a slash.
  private static func decoded(
    _ bytes: UnsafeBufferPointer<UInt8>, at position: Int
  ) -> (byte: UInt8, length: Int)? {
    guard position < bytes.count else { return nil }
    let byte = bytes[position]
    func hex(_ offset: Int) -> UInt8? {
      guard position + offset < bytes.count else { return nil }
      return Character(Unicode.Scalar(bytes[position + offset])).hexDigitValue.map { UInt8($0) }
    }
    if byte == UInt8(ascii: "%"), let high = hex(1), let low = hex(2) { return (high << 4 | low, 3) }
    guard byte == UInt8(ascii: "\\"), position + 1 < bytes.count else { return (byte, 1) }
    if bytes[position + 1] == UInt8(ascii: "u"), hex(2) == 0, hex(3) == 0, let high = hex(4), let low = hex(5) {
      return (high << 4 | low, 6)
    }
    return "/\"\\".utf8.contains(bytes[position + 1]) ? (bytes[position + 1], 2) : (byte, 1)
  }
}
