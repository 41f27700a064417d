/// Limits of the length of stored values from outside, for every field of an answer.
///
/// A body may have a megabyte, and each stored byte is in the database, in every report and in memory once for each row
/// that is being processed. No useful value is as long as this: servers refuse URLs beyond 8 to 16 KiB (nginx
/// `large_client_header_buffers`, Apache `LimitRequestLine`, Node `--max-http-header-size`; RFC 9110 §4.1 asks for
/// 8,000 bytes), and a spreadsheet's cell holds 32,767 characters.
package enum ValueLimit {
  /// Of one value, in UTF-8: 128 KiB.
  package static let bytes = 131_072
  /// Of the unknown fields of an answer together, as JSON: 256 KiB.
  package static let extraBytes = 262_144
  /// Of a message, in Unicode scalars.
  package static let messageLength = 2048
  /// Of the name of a credential, in Unicode scalars.
  package static let nameLength = 256

  /// Replaces omitted bytes. The digest distinguishes texts that differ only in them.
  package static func mark(for text: String) -> String {
    var text = text
    let digest = text.withUTF8 { SHA256.hash(UnsafeRawBufferPointer($0)) }
    let digits = digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    return "… (\(text.utf8.count) bytes, SHA-256 \(digits))"
  }
}

extension String {
  /// Whether the text is too long to be stored as it is.
  package var isOverLong: Bool { utf8.count > ValueLimit.bytes }

  /// The text as it is stored: a text that ``isOverLong`` is cut, and a mark with the length and the digest of the
  /// whole follows. Call it once, where a value enters, after secrets were masked: the digest covers them too.
  package var bounded: String {
    guard isOverLong else { return self }
    var end = utf8.index(startIndex, offsetBy: ValueLimit.bytes)
    while UTF8.isContinuation(utf8[end]) { end = utf8.index(before: end) }
    return self[..<end] + ValueLimit.mark(for: self)
  }
}
