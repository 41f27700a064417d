import Mustache

/// Renders the template of rows once for each shape of row.
///
/// A template can only test whether a text is present. The result for a row with markers instead of texts is therefore
/// valid for all rows of that shape, and the texts of a row replace the markers. Rendering each row by itself would
/// account for most of the report's time.
struct RowRenderer {
  private enum Piece {
    case literal([UInt8])
    /// The row's text with this index, escaped or unchanged.
    case text(Int, escaped: Bool)
  }

  /// Maximum number of cached shapes. Most lists have about a dozen.
  private static let limit = 500

  private let template: MustacheTemplate
  private let library: MustacheLibrary
  /// The pieces for each shape; nil for a shape whose rendered template can't be split. Its rows are rendered one by
  /// one.
  private var pieces: [[UInt8]: [Piece]?] = [:]

  init(_ template: MustacheTemplate, library: MustacheLibrary) {
    self.template = template
    self.library = library
  }

  mutating func render(_ row: HTMLRow) -> [UInt8] {
    guard let pieces = pieces(of: row) else { return direct(row) }
    var texts: [String] = []
    row.forEachText { texts.append($0) }
    var rendered: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .literal(let bytes): rendered += bytes
      case .text(let number, escaped: true): EscapedHTML.append(texts[number], to: &rendered)
      case .text(let number, escaped: false): rendered += texts[number].utf8
      }
    }
    return rendered
  }

  /// Renders the row directly with the template.
  func direct(_ row: HTMLRow) -> [UInt8] { Array(template.render(row, library: library).utf8) }

  private mutating func pieces(of row: HTMLRow) -> [Piece]? {
    let shape = row.shape
    if let known = pieces[shape] { return known }
    if pieces.count == Self.limit { pieces = [:] }
    let made = makePieces(of: row)
    pieces[shape] = .some(made)
    return made
  }

  // A marker consists of a number and all characters that HTML escapes, between two of these. The characters show
  // whether the template escaped the text.
  private static let edge = "\u{F8FF}"
  private static let specials = "<>&\"'"
  private static let escapedSpecials = EscapedHTML().escapeText(specials)

  private func makePieces(of row: HTMLRow) -> [Piece]? {
    var count = 0
    let marked = row.replacingTexts {
      defer { count += 1 }
      return "\(Self.edge)\(count)\(Self.specials)\(Self.edge)"
    }
    let parts = template.render(marked, library: library).split(
      separator: Self.edge, omittingEmptySubsequences: false)
    // Literals and markers alternate. If the template itself contains the edge, they can't be distinguished.
    guard parts.count % 2 == 1 else { return nil }
    var pieces: [Piece] = []
    for (index, part) in parts.enumerated() {
      if index % 2 == 0 {
        if !part.isEmpty { pieces.append(.literal(Array(part.utf8))) }
      } else if let number = Self.number(part, before: Self.specials), number < count {
        pieces.append(.text(number, escaped: false))
      } else if let number = Self.number(part, before: Self.escapedSpecials), number < count {
        pieces.append(.text(number, escaped: true))
      } else {
        return nil
      }
    }
    return pieces
  }

  private static func number(_ mark: Substring, before ending: String) -> Int? {
    mark.hasSuffix(ending) ? Int(mark.dropLast(ending.count)) : nil
  }
}
