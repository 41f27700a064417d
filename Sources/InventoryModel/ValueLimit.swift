/// How long a value from outside may be that is kept. The one place that decides, for every field of an answer.
///
/// A body may have a megabyte, and each byte that is kept is in the database, in every report and in memory once for
/// each row that is at hand. Nothing of use is as long as this: servers refuse URLs beyond 8 to 16 KiB (nginx
/// `large_client_header_buffers`, Apache `LimitRequestLine`, Node `--max-http-header-size`; RFC 9110 §4.1 asks for 8,000
/// bytes), and a spreadsheet's cell holds 32,767 characters.
package enum ValueLimit {
  /// Of one value, in UTF-8: 128 KiB.
  package static let bytes = 131_072
  /// Of the unknown fields of an answer together, as JSON: 256 KiB.
  package static let extraBytes = 262_144
  /// Of a message, in Unicode scalars.
  package static let messageLength = 2048
  /// Of the name of a credential, in Unicode scalars.
  package static let nameLength = 256

  /// What stands for bytes that are left out. Their digest keeps texts apart that differ only there.
  package static func mark(for text: String) -> String {
    var text = text
    let digest = text.withUTF8 { SHA256.hash(UnsafeRawBufferPointer($0)) }
    let digits = digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    return "… (\(text.utf8.count) bytes, SHA-256 \(digits))"
  }
}

extension String {
  /// Whether the text is longer than a value that is kept as it is.
  package var isOverLong: Bool { utf8.count > ValueLimit.bytes }

  /// The text as it may be kept: one that is ``isOverLong`` is cut there, and a mark with the length and the digest of
  /// the whole follows. To be called once, where a value enters, with secrets masked already: the digest is of them too.
  package var bounded: String {
    guard isOverLong else { return self }
    var end = utf8.index(startIndex, offsetBy: ValueLimit.bytes)
    while UTF8.isContinuation(utf8[end]) { end = utf8.index(before: end) }
    return self[..<end] + ValueLimit.mark(for: self)
  }
}
