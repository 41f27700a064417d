/// Replaces secrets by `***` wherever their values turn up, whatever stands around them.
package struct SecretMask: Sendable {
  /// Bytes of the shortest secret that is looked for; a shorter one would turn up in innocent text.
  private static let shortest = 4

  /// The secrets by their first four bytes, the longest first: one may begin with another.
  private let byStart: [UInt32: [[UInt8]]]
  /// Which bytes any of them begins with: most bytes of a text do not.
  private let isStart: [Bool]

  /// - Parameter secrets: every form in which a secret may come back.
  init(_ secrets: [[UInt8]]) {
    let secrets = Set(secrets).filter { $0.count >= Self.shortest }
    byStart = Dictionary(grouping: secrets) { Self.start(of: $0, at: 0) }
      .mapValues { $0.sorted { $0.count > $1.count } }
    var isStart = [Bool](repeating: false, count: 256)
    for secret in secrets { isStart[Int(secret[0])] = true }
    self.isStart = isStart
  }

  /// Masks nothing.
  package static let none = SecretMask([])

  /// The text with every occurrence of each secret masked.
  package func masked(_ text: String) -> String {
    guard !byStart.isEmpty else { return text }
    var text = text
    let result: [UInt8]? = text.withUTF8 { bytes in
      firstMatch(in: bytes, from: 0).map { masked(bytes, first: $0) }
    }
    return result.map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  /// Whether any secret of at least this many bytes turns up in the text.
  package func finds(atLeast length: Int, in text: String) -> Bool {
    guard !byStart.isEmpty else { return false }
    var text = text
    return text.withUTF8 { bytes in
      var position = 0
      while let match = firstMatch(in: bytes, from: position) {
        if match.count >= length { return true }
        position = match.lowerBound + 1
      }
      return false
    }
  }

  private func masked(_ bytes: UnsafeBufferPointer<UInt8>, first: Range<Int>) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    var next: Range<Int>? = first
    while let match = next {
      result += bytes[position..<match.lowerBound]
      result += Redaction.mask.utf8
      position = match.upperBound
      next = firstMatch(in: bytes, from: position)
    }
    result += bytes[position...]
    return result
  }

  private func firstMatch(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int>? {
    var position = start
    while position + Self.shortest <= bytes.count {
      if isStart[Int(bytes[position])], let candidates = byStart[Self.start(of: bytes, at: position)] {
        for secret in candidates
        where position + secret.count <= bytes.count
          && bytes[position..<position + secret.count].elementsEqual(secret)
        {
          return position..<position + secret.count
        }
      }
      position += 1
    }
    return nil
  }

  private static func start(of bytes: some RandomAccessCollection<UInt8>, at position: Int) -> UInt32 {
    var start: UInt32 = 0
    let first = bytes.index(bytes.startIndex, offsetBy: position)
    for byte in bytes[first...].prefix(shortest) { start = start << 8 | UInt32(byte) }
    return start
  }
}
