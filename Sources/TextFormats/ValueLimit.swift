/// Limits on the length of stored values from outside, for every field of an answer.
///
/// A body may have a megabyte. Each stored byte is in the database, in every report, and in memory once for each row
/// that is being processed. No useful value is this long: servers refuse URLs beyond 8 to 16 KiB (nginx
/// `large_client_header_buffers`, Apache `LimitRequestLine`, Node `--max-http-header-size`; RFC 9110 §4.1 recommends
/// supporting 8,000 bytes), and a spreadsheet cell holds 32,767 characters.
package enum ValueLimit {
  /// The limit for one value, in UTF-8 bytes: 128 KiB.
  package static let bytes = 131_072
  /// The limit for all unknown fields of an answer together, in bytes of JSON: 256 KiB.
  package static let extraBytes = 262_144
  /// The limit for a message, in Unicode scalars.
  package static let messageLength = 2048
  /// The limit for the name of a credential, in Unicode scalars.
  package static let nameLength = 256

  /// The text that replaces omitted bytes. Its digest distinguishes texts that differ only in these bytes.
  package static func mark(for text: String) -> String {
    var text = text
    let digest = text.withUTF8 { SHA256.hash(UnsafeRawBufferPointer($0)) }
    let digits = digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    return "… (\(text.utf8.count) bytes, SHA-256 \(digits))"
  }
}

extension String {
  /// Whether the text is too long to be stored unchanged.
  package var isOverLong: Bool { utf8.count > ValueLimit.bytes }

  /// The text as it is stored. A text that ``isOverLong`` is truncated and ends with a mark that contains the length
  /// and the digest of the whole text.
  ///
  /// Call it once, where a value enters the program, after secrets are masked: otherwise, the digest would cover the
  /// secrets.
  package var bounded: String {
    guard isOverLong else { return self }
    var end = utf8.index(startIndex, offsetBy: ValueLimit.bytes)
    while UTF8.isContinuation(utf8[end]) { end = utf8.index(before: end) }
    return self[..<end] + ValueLimit.mark(for: self)
  }
}
