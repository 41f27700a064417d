import Foundation

/// The SQL in the string literals of Swift sources.
struct SourceStatement: Hashable {
  /// In which it stands.
  var file: String
  /// What stands between interpolations, without space at the ends and with single spaces for any other.
  var fragments: [String]

  /// Whether an executed statement can be this one.
  func matches(_ sql: String) -> Bool {
    var rest = Self.normalized(sql)[...]
    for fragment in fragments {
      guard let range = rest.range(of: fragment) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }

  static func normalized(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Of all files of a folder and its folders: literals with a word that begins a statement which looks for rows, statement
  /// by statement.
  static func all(in folder: URL) throws -> [SourceStatement] {
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path()).filter { $0.hasSuffix(".swift") }
    return try files.sorted().flatMap { file in
      try literals(in: String(contentsOf: folder.appending(path: file), encoding: .utf8)).flatMap { literal in
        statements(in: literal).map { SourceStatement(file: file, fragments: $0) }
      }
    }
  }

  private static func statements(in literal: String) -> [[String]] {
    // Between statements, and not in texts such as ';'.
    literal.split(separator: /;(\s+(?=[A-Z])|\s*$)/).filter { $0.contains(/\b(SELECT|INSERT|UPDATE|DELETE)\b/) }
      .map { $0.split(separator: interpolation).map { normalized(String($0)) }.filter { !$0.isEmpty } }
  }

  /// Stands for an interpolation.
  private static let interpolation: Character = "\u{FFFC}"

  /// String literals in the order in which they begin, those in interpolations included.
  private static func literals(in source: String) -> [String] {
    var scanner = LiteralScanner(source: Array(source), interpolation: interpolation)
    scanner.scanCode(untilParenthesis: false)
    return scanner.literals
  }
}

/// Finds the string literals of Swift code: `"…"` and `"""…"""`, with interpolations. Raw strings and regular expressions
/// that hold a quotation mark are beyond it.
private struct LiteralScanner {
  let source: [Character]
  let interpolation: Character
  private(set) var literals: [String] = []
  private var place = 0

  init(source: [Character], interpolation: Character) {
    self.source = source
    self.interpolation = interpolation
  }

  private func isNext(_ text: String) -> Bool { source[place...].starts(with: text) }

  /// - Parameter untilParenthesis: ends behind the parenthesis that closes an interpolation.
  mutating func scanCode(untilParenthesis: Bool) {
    var depth = 1
    while place < source.count {
      if isNext("//") {
        while place < source.count, !source[place].isNewline { place += 1 }
      } else if source[place] == "\"" {
        scanLiteral()
      } else {
        if source[place] == "(" { depth += 1 }
        if source[place] == ")" { depth -= 1 }
        place += 1
        if untilParenthesis, depth == 0 { return }
      }
    }
  }

  private mutating func scanLiteral() {
    let quotes = isNext("\"\"\"") ? "\"\"\"" : "\""
    place += quotes.count
    let index = literals.count
    literals.append("")
    while place < source.count, !isNext(quotes) {
      if isNext("\\(") {
        place += 2
        scanCode(untilParenthesis: true)
        literals[index].append(interpolation)
      } else {
        if source[place] == "\\" { place += 1 }
        literals[index].append(source[place])
        place += 1
      }
    }
    place += quotes.count
  }
}
