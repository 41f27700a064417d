import DelimitedText
import InventoryModel
import TextFormats

/// Prints rows as they arrive, so that memory use does not grow with their number.
struct DataPrinter {
  private(set) var rowCount = 0
  private let format: DataFormat
  private let names: [String]
  private var output: DataOutput
  private var csv = DelimitedWriter()
  private var json = JSONText()
  private var table: TableText

  init(_ format: DataFormat, _ layout: DataLayout, to output: DataOutput) {
    self.format = format
    self.output = output
    names = layout.names
    table = TableText(layout.tableColumns, width: output.terminalWidth)
  }

  /// - Throws: what ``DataOutput`` throws.
  mutating func begin() throws {
    guard format == .csv else { return }
    for name in names { csv.field(name) }
    try endRecord()
  }

  mutating func row(_ row: some DataRow) throws {
    rowCount += 1
    switch format {
    case .table:
      for line in table.add(row.tableCells) { try output.write((line + "\n").utf8) }
    case .csv:
      for value in row.values {
        switch value {
        case .text(let text): csv.field(text)
        case .number(let number): csv.field(number)
        case .real(let number): csv.field(number.numeral)
        case .list(let items): csv.field(items.isEmpty ? nil : items.joined(separator: ";"))
        }
      }
      try endRecord()
    case .jsonl:
      let names = names
      json.object { json in
        for (name, value) in zip(names, row.values) {
          json.key(text: name)
          switch value {
          case .text(let text): json.value(text)
          case .number(let number): json.value(number)
          case .real(let number): json.raw(number.numeral)
          case .list(let items): json.array { json in for item in items { json.value(item) } }
          }
        }
      }
      json.newline()
      try output.write(json.bytes)
      json.removeAll()
    }
  }

  mutating func end() throws {
    for line in table.rest() { try output.write((line + "\n").utf8) }
    try output.flush()
  }

  private mutating func endRecord() throws {
    csv.endRecord()
    try output.write(csv.bytes)
    csv.removeAll()
  }
}

extension Double {
  /// The number with all its digits, as written in JSON and SQL. An infinite number becomes a numeral that is too large
  /// for any reader.
  var numeral: String { isFinite ? description : self < 0 ? "-9e999" : "9e999" }
}

/// The format in which a command prints data.
package enum DataFormat: String, CaseIterable {
  /// For people: aligned columns. On a terminal, lines are no wider than the terminal.
  case table
  case csv
  case jsonl
}
