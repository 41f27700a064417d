/// The list's other columns as the ledger stores them: one JSON object of strings and nulls, in the list's order.
package enum InputCells {
  /// Writes the objects of rows that have the same columns.
  package struct Writer {
    private let names: [[UInt8]]
    private var json = JSONText()

    package init(columns: [String]) {
      names = columns.map(JSONText.quoted)
    }

    /// The object's text. There is a cell for each column.
    package mutating func json(_ cells: [String?]) -> String {
      guard !names.isEmpty else { return "{}" }
      json.removeAll()
      json.object { json in
        for index in names.indices {
          json.key(quoted: names[index])
          json.value(cells[index])
        }
      }
      return json.string
    }
  }

  /// The object's text. `columns` and `cells` have the same count.
  package static func json(columns: [String], cells: [String?]) -> String {
    var writer = Writer(columns: columns)
    return writer.json(cells)
  }

  /// The values of an object that ``json(columns:cells:)`` wrote, in its order; nil for any other text.
  ///
  /// Reports pass every row through here, so it reads just this form instead of all of JSON.
  package static func cells(json: String) -> [String?]? {
    var json = json
    return json.withUTF8 { bytes in
      var reader = Reader(bytes: bytes)
      return reader.cells()
    }
  }

  private struct Reader {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    mutating func cells() -> [String?]? {
      guard skip("{") else { return nil }
      if skip("}") { return position == bytes.count ? [] : nil }
      var cells: [String?] = []
      repeat {
        guard string() != nil, skip(":") else { return nil }
        if skip("\"", advancing: false) {
          guard let value = string() else { return nil }
          cells.append(value)
        } else {
          guard skip("n"), skip("u"), skip("l"), skip("l") else { return nil }
          cells.append(nil)
        }
      } while skip(",")
      return skip("}") && position == bytes.count ? cells : nil
    }

    private mutating func skip(_ character: Unicode.Scalar, advancing: Bool = true) -> Bool {
      guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
      if advancing { position += 1 }
      return true
    }

    private mutating func string() -> String? {
      guard skip("\"") else { return nil }
      let start = position
      while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
        position += 1
      }
      let plain = UnsafeBufferPointer(rebasing: bytes[start..<position])
      if skip("\"") { return String(decoding: plain, as: UTF8.self) }
      var unescaped = Array(plain)
      while position < bytes.count {
        if skip("\"") { return String(decoding: unescaped, as: UTF8.self) }
        if skip("\\") {
          guard let byte = escaped() else { return nil }
          unescaped.append(byte)
        } else {
          unescaped.append(bytes[position])
          position += 1
        }
      }
      return nil
    }

    private mutating func escaped() -> UInt8? {
      guard position < bytes.count else { return nil }
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): return byte
      case UInt8(ascii: "n"): return UInt8(ascii: "\n")
      case UInt8(ascii: "r"): return UInt8(ascii: "\r")
      case UInt8(ascii: "t"): return UInt8(ascii: "\t")
      case UInt8(ascii: "u"):
        guard position + 4 <= bytes.count else { return nil }
        let digits = String(decoding: UnsafeBufferPointer(rebasing: bytes[position..<position + 4]), as: UTF8.self)
        position += 4
        guard digits.hasPrefix("00"), let control = UInt8(digits, radix: 16), control < 0x20 else { return nil }
        return control
      default: return nil
      }
    }
  }
}
