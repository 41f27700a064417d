import TextFormats

/// Encodes and decodes the list's other columns as the ledger stores them: one JSON object of strings and nulls, in
/// column order.
package enum InputCells {
  /// Encodes rows that have the same columns.
  package struct Writer {
    private let names: [[UInt8]]
    private var json = JSONText()

    package init(columns: [String]) {
      names = columns.map(JSONText.quoted)
    }

    /// Returns the JSON object of a row. `cells` has one element per column.
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

  /// Returns the JSON object of a row. `columns` and `cells` have the same count.
  package static func json(columns: [String], cells: [String?]) -> String {
    var writer = Writer(columns: columns)
    return writer.json(cells)
  }

  /// Returns the values of an object that ``json(columns:cells:)`` wrote, in the same order; nil if the text is not an
  /// object of strings and nulls.
  package static func cells(json: String) -> [String?]? {
    try? JSONReader.read(json) { (reader) throws(JSONFault) in
      var cells: [String?] = []
      try reader.members { (_, reader) throws(JSONFault) in cells.append(try reader.stringOrNull()) }
      return cells
    }
  }
}
