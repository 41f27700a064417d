/// A source that delivers bytes piece by piece.
package protocol ByteSource {
  /// The next piece, or nil at the end. A piece is never empty.
  mutating func next() throws -> [UInt8]?
}

/// Bytes that are already in memory.
package struct BytesInMemory: ByteSource {
  private var pieces: ArraySlice<[UInt8]>

  package init(_ bytes: some Sequence<UInt8>) {
    pieces = [Array(bytes)][...]
  }

  /// Delivers the bytes in pieces of the given size, like a slow pipe.
  package init(_ bytes: some Sequence<UInt8>, pieceSize: Int) {
    let bytes = Array(bytes)
    pieces =
      stride(from: 0, to: bytes.count, by: pieceSize).map {
        Array(bytes[$0..<min($0 + pieceSize, bytes.count)])
      }[...]
  }

  package mutating func next() -> [UInt8]? {
    while let piece = pieces.popFirst() {
      if !piece.isEmpty { return piece }
    }
    return nil
  }
}

/// A source preceded by bytes that were already read from it.
package struct ReplayedBytes<Base: ByteSource>: ByteSource {
  private var ahead: BytesInMemory
  private var base: Base

  package init(_ ahead: [UInt8], then base: Base) {
    self.ahead = BytesInMemory(ahead)
    self.base = base
  }

  package mutating func next() throws -> [UInt8]? {
    if let piece = ahead.next() { return piece }
    return try base.next()
  }
}
