import DelimitedText
import InventoryModel

/// Prints rows as they come, so that it takes no more memory for many than for a few.
struct DataPrinter<Row: DataRow> {
  private(set) var rowCount = 0
  private let format: DataFormat
  private var output: DataOutput
  private var csv = DelimitedWriter()
  private var json = JSONText()
  private var table: TableText

  init(_ format: DataFormat, to output: DataOutput) {
    self.format = format
    self.output = output
    table = TableText(Row.tableColumns, width: output.terminalWidth)
  }

  /// - Throws: what ``DataOutput`` throws.
  mutating func begin() throws {
    guard format == .csv else { return }
    for column in Row.columns { csv.field(column) }
    try endRecord()
  }

  mutating func row(_ row: Row) throws {
    rowCount += 1
    switch format {
    case .table:
      for line in table.add(row.tableCells) { try output.write((line + "\n").utf8) }
    case .csv:
      for value in row.values {
        switch value {
        case .text(let text): csv.field(text)
        case .number(let number): csv.field(number)
        case .list(let items): csv.field(items.isEmpty ? nil : items.joined(separator: ";"))
        }
      }
      try endRecord()
    case .jsonl:
      json.object { json in
        for (name, value) in zip(Row.columns, row.values) {
          json.key(name)
          switch value {
          case .text(let text): json.value(text)
          case .number(let number): json.value(number)
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
