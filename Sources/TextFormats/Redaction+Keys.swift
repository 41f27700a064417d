/// Detects keys that the program does not know: a user may have entered one in place of a name or a path.
///
/// Messages don't repeat such a text. Nothing else depends on this heuristic.
extension Redaction {
  /// The minimum length in bytes of a text that is considered a key.
  private static let shortestKey = 16
  /// The same for a reference to a secret, where users are more likely to enter the secret itself by mistake.
  private static let shortestKeyForReference = 8

  /// Whether a text has the characters and the length of a key, and does not consist of words, as names and paths do.
  package static func mayBeKey(_ text: String) -> Bool { mayBeKey(text, shortest: shortestKey) }

  /// The text, or ``mask`` if it may be a key.
  package static func repeatable(_ text: String) -> String { mayBeKey(text) ? mask : text }

  /// The name of the place that holds a secret, or ``mask`` if the text may be the secret itself.
  package static func repeatable(reference text: String) -> String {
    mayBeKey(text, shortest: shortestKeyForReference) ? mask : text
  }

  /// The path of a file that holds a secret. A part that may be the secret itself is masked.
  ///
  /// - Parameter exists: returns whether a file or folder exists at a path.
  package static func repeatable(pathToSecret path: String, exists: (String) -> Bool) -> String {
    guard let key = suspectedKey(inPath: path, shortest: shortestKeyForReference, exists: exists) else { return path }
    return path.dropLast(key.count) + mask
  }

  /// The part of a path that may be a key; nil if there is none.
  ///
  /// A path that exists is not a key, and neither are its existing parent folders.
  package static func suspectedKey(inPath path: String, exists: (String) -> Bool) -> String? {
    suspectedKey(inPath: path, shortest: shortestKey, exists: exists)
  }

  private static func suspectedKey(inPath path: String, shortest: Int, exists: (String) -> Bool) -> String? {
    if exists(path) { return nil }
    let slashes = path.utf8.indices.filter { path.utf8[$0] == UInt8(ascii: "/") }
    let folder = slashes.last { exists(String(path[...$0])) }
    let rest = folder.map { String(path[path.utf8.index(after: $0)...]) } ?? path
    return mayBeKey(rest, shortest: shortest) ? rest : nil
  }

  private static func mayBeKey(_ text: String, shortest: Int) -> Bool {
    let bytes = text.utf8
    guard bytes.count >= shortest, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
    return bytes.split(whereSeparator: { "-_./,;:@~".utf8.contains($0) }).contains { !isWord($0) }
  }

  /// `keys`, `Keys`, `KEYS`, `projectKeys`, `keys2026` and `20260131` are words.
  private static func isWord(_ bytes: Substring.UTF8View) -> Bool {
    let digits = bytes.reversed().prefix(while: isDigit).count
    let letters = bytes.dropLast(digits)
    if letters.isEmpty { return digits <= 14 }
    guard letters.count <= 20, digits <= 4, letters.allSatisfy({ isLowerCase($0 | 0x20) }) else { return false }
    let turns = zip(letters, letters.dropFirst()).count { isLowerCase($0) && !isLowerCase($1) }
    return turns <= 2
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
  private static func isLowerCase(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
}
