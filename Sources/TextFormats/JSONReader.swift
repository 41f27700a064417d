/// Why a text is not a single unambiguous JSON value.
package enum JSONFault: Error, Hashable {
  case notJSON
  /// An object contains a name twice, and parsers disagree on which of the two counts (RFC 8259 §4).
  case nameTwice
}

/// Reads a JSON text (RFC 8259) strictly, and keeps every number as written.
///
/// A text is read as a whole, or value by value if its structure is known. Foundation's decoder guesses at UTF-16,
/// accepts trailing commas, keeps the first of two members with the same name, and fails on numbers that fit none of
/// its types.
package struct JSONReader {
  /// The maximum nesting depth. The gateway's bodies have two levels.
  package static let depthLimit = 64

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  private init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// - Parameter text: UTF-8, optionally with a byte order mark.
  package static func value(in text: [UInt8]) throws(JSONFault) -> JSONValue {
    // Fast path: nearly all texts are ASCII, which is faster to check.
    guard text.reduce(0, |) < 0x80 || String(validating: text, as: UTF8.self) != nil else { throw .notJSON }
    return try text.withUnsafeBufferPointer { (bytes) throws(JSONFault) in
      try read(bytes) { (reader) throws(JSONFault) in try reader.value(depth: 0) }
    }
  }

  package static func value(in text: String) throws(JSONFault) -> JSONValue {
    try read(text) { (reader) throws(JSONFault) in try reader.value(depth: 0) }
  }

  /// Reads a text with a known structure.
  ///
  /// - Parameter body: reads the outermost value.
  package static func read<Value>(
    _ text: String, _ body: (inout JSONReader) throws(JSONFault) -> Value
  ) throws(JSONFault) -> Value {
    var text = text
    let result: Result<Value, JSONFault> = text.withUTF8 { bytes in
      Result { () throws(JSONFault) in try read(bytes, body) }
    }
    return try result.get()
  }

  private static func read<Value>(
    _ bytes: UnsafeBufferPointer<UInt8>, _ body: (inout JSONReader) throws(JSONFault) -> Value
  ) throws(JSONFault) -> Value {
    var reader = JSONReader(bytes)
    let value = try body(&reader)
    guard reader.next() == nil else { throw .notJSON }
    return value
  }

  /// Reads an object.
  ///
  /// - Parameter member: reads the value of each member; a name may occur twice.
  package mutating func members(
    _ member: (_ name: String, inout JSONReader) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    guard next() == UInt8(ascii: "{") else { throw .notJSON }
    position += 1
    if next() == UInt8(ascii: "}") {
      position += 1
      return
    }
    while true {
      let name = try string()
      guard next() == UInt8(ascii: ":") else { throw .notJSON }
      position += 1
      try member(name, &self)
      if try isLast(before: "}") { return }
    }
  }

  /// Reads a string; nil for `null`.
  package mutating func stringOrNull() throws(JSONFault) -> String? {
    if next() == UInt8(ascii: "\"") { return try string() }
    guard case .null = try value(depth: Self.depthLimit - 1) else { throw .notJSON }
    return nil
  }

  /// The next byte that is not whitespace, without consuming it.
  private mutating func next() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  private mutating func pass(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
    guard depth < Self.depthLimit, let byte = next() else { throw .notJSON }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default:
      for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)]
      where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw .notJSON
    }
  }

  private mutating func object(depth: Int) throws(JSONFault) -> JSONValue {
    var object = JSONObject()
    try members { (name, reader) throws(JSONFault) in
      guard object.add(name, try reader.value(depth: depth + 1)) else { throw .nameTwice }
    }
    return .object(object)
  }

  private mutating func array(depth: Int) throws(JSONFault) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    if next() == UInt8(ascii: "]") {
      position += 1
      return .array(elements)
    }
    while true {
      elements.append(try value(depth: depth + 1))
      if try isLast(before: "]") { return .array(elements) }
    }
  }

  /// Consumes the comma before another element, or the bracket after the last; true after the last.
  private mutating func isLast(before bracket: Unicode.Scalar) throws(JSONFault) -> Bool {
    _ = next()
    if pass(bracket) { return true }
    guard pass(",") else { throw .notJSON }
    return false
  }

  private mutating func number() throws(JSONFault) -> String {
    let start = position
    _ = pass("-")
    if !pass("0") { try digits() }
    if pass(".") { try digits() }
    if pass("e") || pass("E") {
      if !pass("+") { _ = pass("-") }
      try digits()
    }
    return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
  }

  /// Consumes one or more digits.
  private mutating func digits() throws(JSONFault) {
    let start = position
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
    guard position > start else { throw .notJSON }
  }

  private mutating func string() throws(JSONFault) -> String {
    guard next() == UInt8(ascii: "\"") else { throw .notJSON }
    position += 1
    var text: [UInt8] = []
    var start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        let rest = bytes[start..<position]
        position += 1
        // Fast path: nearly all strings have no escapes.
        if text.isEmpty { return String(decoding: UnsafeBufferPointer(rebasing: rest), as: UTF8.self) }
        text += rest
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text += bytes[start..<position]
        position += 1
        text += UTF8.encode(try escape()) ?? UTF8.encodedReplacementCharacter
        start = position
      case 0..<0x20: throw .notJSON
      default: position += 1
      }
    }
    throw .notJSON
  }

  /// Reads the rest of an escape sequence after the backslash.
  private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
    guard position < bytes.count else { throw .notJSON }
    position += 1
    switch bytes[position - 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try codePoint()
    default: throw .notJSON
    }
  }

  /// Reads the digits of a `\u` escape, and the second escape of a surrogate pair.
  ///
  /// An unpaired surrogate becomes the replacement character, as everywhere else in Swift.
  private mutating func codePoint() throws(JSONFault) -> Unicode.Scalar {
    let first = try hexadecimal()
    guard UTF16.isLeadSurrogate(first), bytes[position...].starts(with: "\\u".utf8) else {
      return Unicode.Scalar(first) ?? "\u{FFFD}"
    }
    let afterFirst = position
    position += 2
    let second = try hexadecimal()
    guard UTF16.isTrailSurrogate(second) else {
      position = afterFirst
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))) ?? "\u{FFFD}"
  }

  /// Reads four hexadecimal digits.
  private mutating func hexadecimal() throws(JSONFault) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw .notJSON
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }
}
