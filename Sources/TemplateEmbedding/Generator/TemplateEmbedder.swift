import Foundation

/// Writes an extension of `ReportTemplates` with one string for each template: `page-start.mustache` becomes `pageStart`.
@main
struct TemplateEmbedder {
  static func main() throws {
    let paths = CommandLine.arguments.dropFirst()
    guard let output = paths.first else { return }
    var source = "extension ReportTemplates {\n"
    for path in paths.dropFirst().sorted() {
      let url = URL(filePath: path)
      let text = try String(contentsOf: url, encoding: .utf8)
      // More number signs than any text has after a quote, so that nothing in a template ends its literal.
      let fence = String(repeating: "#", count: 8)
      source += "  package static let \(name(of: url)) = \(fence)\"\"\"\n\(text)\n\"\"\"\(fence)\n"
    }
    try (source + "}\n").write(to: URL(filePath: output), atomically: true, encoding: .utf8)
  }

  private static func name(of url: URL) -> String {
    let words = url.deletingPathExtension().lastPathComponent.split(separator: "-")
    return words.enumerated().map { $0 == 0 ? String($1) : $1.capitalized }.joined()
  }
}
