package import Foundation

/// A page of the documentation, read the way a Git host shows it: the README, or a guide of the DocC catalog.
package struct Guide: Sendable, CustomStringConvertible {
  /// From the root of the repository.
  package let path: String
  package let lines: [Substring]
  package let codeBlocks: [CodeBlock]

  package struct CodeBlock: Sendable {
    package let language: String
    package fileprivate(set) var text = ""
    /// Its lines in the page, the fences included.
    package fileprivate(set) var lines: Range<Int>
  }

  /// - Parameter path: from the root of the repository.
  package init(path: String) throws {
    self.init(path: path, text: try String(contentsOf: Self.root.appending(path: path), encoding: .utf8))
  }

  package init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var blocks: [CodeBlock] = []
    var open: CodeBlock?
    for (index, line) in lines.enumerated() {
      let isFence = line.hasPrefix("```")
      if var block = open {
        block.lines = block.lines.lowerBound..<(index + 1)
        if isFence { blocks.append(block) } else { block.text += line + "\n" }
        open = isFence ? nil : block
      } else if isFence {
        open = CodeBlock(language: String(line.dropFirst(3)), lines: index..<(index + 1))
      }
    }
    codeBlocks = blocks
  }

  package var description: String { path }

  /// The repository.
  package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  package static let catalog = "Sources/jelou-inventory/jelou-inventory.docc"

  package static var readme: Guide { get throws { try Guide(path: "README.md") } }

  /// The guide `NAME.md` of the catalog.
  package static func named(_ name: String) throws -> Guide { try Guide(path: "\(catalog)/\(name).md") }

  /// The pages of the catalog, its root page included, by name.
  package static func all() throws -> [Guide] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: catalog).path())
      .filter { $0.hasSuffix(".md") }.sorted().map { try Guide(path: "\(catalog)/\($0)") }
  }

  package struct Heading: Sendable {
    package let level: Int
    /// As written, with its Markdown.
    package let text: String
    package let line: Int
  }

  package var headings: [Heading] {
    lines.indices.compactMap { index in
      guard !isCode(index), let match = lines[index].wholeMatch(of: /(#{1,6}) +(.+?)\s*/) else { return nil }
      return Heading(level: match.output.1.count, text: String(match.output.2), line: index)
    }
  }

  /// The text below a heading, up to the next one of the same level or a higher one.
  package func section(_ title: String) throws -> Guide {
    guard let heading = headings.first(where: { $0.text == title }) else {
      throw MissingPart(description: "\(path) has no section \(title)")
    }
    let end = headings.first { $0.line > heading.line && $0.level <= heading.level }?.line ?? lines.endIndex
    return Guide(path: "\(path)#\(title)", text: lines[(heading.line + 1)..<end].joined(separator: "\n"))
  }

  /// Lines outside code blocks.
  package var prose: [Substring] { lines.indices.filter { !isCode($0) }.map { lines[$0] } }

  private func isCode(_ line: Int) -> Bool { codeBlocks.contains { $0.lines.contains(line) } }

  /// The texts of the code blocks in a language.
  package func codeBlocks(in language: String) -> [String] { codeBlocks.filter { $0.language == language }.map(\.text) }

  package var tables: [Table] {
    var tables: [Table] = []
    var previous = ""
    for line in prose {
      defer { previous = String(line) }
      guard line.hasPrefix("|") else { continue }
      let cells = Table.cells(line)
      if !previous.hasPrefix("|") {
        tables.append(Table(header: cells, rows: []))
      } else if !cells.allSatisfy({ $0.wholeMatch(of: /:?-+:?/) != nil }) {
        tables[tables.count - 1].rows.append(cells)
      }
    }
    return tables
  }

  /// The table whose header begins with a text.
  package func table(_ firstColumn: String) throws -> Table {
    guard let table = tables.first(where: { $0.header.first == firstColumn }) else {
      throw MissingPart(description: "\(path) has no table with the first column \(firstColumn)")
    }
    return table
  }

  package struct Table: Sendable {
    package let header: [String]
    package fileprivate(set) var rows: [[String]]

    /// The cells of a column.
    package func column(_ name: String) throws -> [String] {
      guard let index = header.firstIndex(of: name) else {
        throw MissingPart(description: "no column \(name) in the table | \(header.joined(separator: " | ")) |")
      }
      return rows.map { $0[index] }
    }

    /// What stands in code style in the cells of a column.
    package func codes(_ name: String) throws -> [String] { try column(name).flatMap(Guide.codes) }

    fileprivate static func cells(_ line: Substring) -> [String] {
      let bar = "\u{0}"
      return line.replacing("\\|", with: bar).split(separator: "|", omittingEmptySubsequences: false)
        .dropFirst().dropLast().map {
          $0.trimmingCharacters(in: .whitespaces).replacing(bar, with: "|")
        }
    }
  }

  /// What stands in code style in a text of one line.
  package static func codes(in text: String) -> [String] {
    text.matches(of: /`([^`]+)`/).map { String($0.output.1) }
  }

  package struct MissingPart: Error, CustomStringConvertible {
    package let description: String
  }
}
