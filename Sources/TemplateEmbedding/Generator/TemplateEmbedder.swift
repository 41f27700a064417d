import Foundation

/// Writes an extension of `ReportTemplates` with the text of each template by its path below the templates' folder.
///
/// Arguments: the file to write, the folder, the templates.
@main
struct TemplateEmbedder {
  static func main() throws {
    let paths = Array(CommandLine.arguments.dropFirst())
    guard paths.count > 2 else { return }
    let folder = URL(filePath: paths[1]).path()
    var source = "extension ReportTemplates {\n  package static let files: [String: String] = [\n"
    for path in paths.dropFirst(2).sorted() {
      let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
      let name = path.dropFirst(folder.count).drop { $0 == "/" }
      // More number signs than any text has after a quote, so that nothing in a template ends its literal.
      let fence = String(repeating: "#", count: 8)
      source += "    \"\(name)\": \(fence)\"\"\"\n\(text)\n\"\"\"\(fence),\n"
    }
    try (source + "  ]\n}\n").write(to: URL(filePath: paths[0]), atomically: true, encoding: .utf8)
  }
}
