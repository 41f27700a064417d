import InventoryModel
import TextFormats

/// Aligns rows under titles.
///
/// The first rows determine the column widths, so that later rows can be printed as they arrive.
struct TableText {
  private static let rowsMeasured = 200
  /// Number of bytes in buffered rows that sets the column widths, even if there are fewer rows.
  private static let bytesMeasured = 262_144

  private let columns: [TableColumn]
  /// Maximum line length in characters; nil for no limit.
  private let width: Int?
  /// Rows buffered until the column widths are known.
  private var waiting: [[String]] = []
  private var waitingBytes = 0
  private var widths: [Int]?

  init(_ columns: [TableColumn], width: Int?) {
    self.columns = columns
    self.width = width
  }

  /// - Returns: the lines that are ready to print.
  mutating func add(_ cells: [String]) -> [String] {
    let cells = cells.map(\.visible)
    if let widths { return [line(cells, widths)] }
    waiting.append(cells)
    waitingBytes += cells.reduce(0) { $0 + $1.utf8.count }
    return waiting.count < Self.rowsMeasured && waitingBytes < Self.bytesMeasured ? [] : rest()
  }

  /// Returns the lines that are still buffered at the end; none if there were no rows.
  mutating func rest() -> [String] {
    guard !waiting.isEmpty else { return [] }
    let titles = columns.map(\.title)
    let widths = columns.indices.map { index in
      min(columns[index].limit, (waiting + [titles]).map { $0[index].count }.max() ?? 0)
    }
    self.widths = widths
    defer { waiting = [] }
    return ([titles] + waiting).map { line($0, widths) }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() {
      let isLast = index == cells.count - 1
      // The last cell may fill the rest of the line. Only the terminal's width limits it.
      let cell = isLast ? cell : Self.clipped(cell, to: widths[index])
      let space =
        isLast && !columns[index].isNumber ? "" : String(repeating: " ", count: max(0, widths[index] - cell.count))
      text += (index == 0 ? "" : "  ") + (columns[index].isNumber ? space + cell : cell + space)
    }
    while text.last == " " { text.removeLast() }
    return width.map { Self.clipped(text, to: $0) } ?? text
  }

  private static func clipped(_ text: String, to length: Int) -> String {
    text.count > length ? text.prefix(max(0, length - 1)) + "…" : text
  }
}
