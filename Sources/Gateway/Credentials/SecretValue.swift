import Files

/// Reads keys and secrets as users store them: with a line break at the end, or in a separate file.
enum SecretValue {
  /// The maximum size in bytes of a file with one key or secret.
  private static let longestSecret = 8192

  /// The value without surrounding white space.
  ///
  /// Characters that a header can't carry are refused here, so that no later error can quote the value.
  ///
  /// - Parameter isClientID: whether the value is a client ID. It must not contain a colon, because an ID ends at the
  ///   first colon (RFC 7617 §2).
  static func checked(_ text: String, what: String, isClientID: Bool = false) throws(CredentialError) -> String {
    let value = trimmed(text)
    guard !value.isEmpty else { throw .emptyValue(what: what) }
    guard value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !isClientID || !value.utf8.contains(UInt8(ascii: ":"))
    else { throw .unusableValue(what: what) }
    return value
  }

  static func fromFile(_ path: String, what: String) throws(CredentialError) -> String {
    let bytes: [UInt8]
    do {
      bytes = try InputFile.contents(of: path, limit: longestSecret)
    } catch let error where error.isTooLarge {
      throw .unusableValue(what: "\(path): \(what)")
    } catch {
      throw .cannotOpen(what: what, path: path)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .unusableValue(what: "\(path): \(what)") }
    return try checked(text, what: "\(path): \(what)")
  }

  static func trimmed(_ text: String) -> String {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace || scalar == "\u{FEFF}" }
    let start = text.unicodeScalars.drop(while: isSpace)
    guard let end = start.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(start[...end])
  }
}
