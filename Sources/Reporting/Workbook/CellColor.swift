import InventoryModel

/// The colors of a cell as `0xRRGGBB`, and the solid color of its bar in a chart.
struct CellColor: Hashable {
  var background: UInt32
  var text: UInt32
  var solid: UInt32

  static let green = CellColor(background: 0xE2F0D9, text: 0x1E5C2E, solid: 0x4C9F5E)
  static let grey = CellColor(background: 0xEDEDED, text: 0x404040, solid: 0x9A9A9A)
  static let blue = CellColor(background: 0xDDEBF7, text: 0x1F4E78, solid: 0x5B9BD5)
  static let yellow = CellColor(background: 0xFFF2CC, text: 0x7F6000, solid: 0xE0B000)
  static let orange = CellColor(background: 0xFCE4D6, text: 0x843C0C, solid: 0xED7D31)
  static let violet = CellColor(background: 0xE9E1F4, text: 0x4B2E83, solid: 0x8064A2)
  static let red = CellColor(background: 0xFBD5D5, text: 0x8B0000, solid: 0xC0392B)
}

extension Outcome {
  var cellColor: CellColor {
    switch self {
    case .found: .green
    case .notFound: .grey
    case .unauthorized: .orange
    case .invalidResponse: .violet
    case .failed: .red
    case .invalidID: .yellow
    case .skipped: .blue
    }
  }
}

extension Severity {
  var cellColor: CellColor {
    switch self {
    case .high: .red
    case .medium: .orange
    case .low: .yellow
    }
  }
}

extension Change {
  var cellColor: CellColor {
    switch self {
    case .new: .blue
    case .added: .green
    case .unchanged: .grey
    case .changed: .yellow
    case .gone: .red
    case .unknown: .violet
    }
  }
}
