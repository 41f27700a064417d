import TextFormats

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

  /// The values of an object that ``json(columns:cells:)`` wrote, in its order; nil for a text that is not an object of
  /// strings and nulls.
  package static func cells(json: String) -> [String?]? {
    try? JSONReader.read(json) { (reader) throws(JSONFault) in
      var cells: [String?] = []
      try reader.members { (_, reader) throws(JSONFault) in cells.append(try reader.stringOrNull()) }
      return cells
    }
  }
}
