import Foundation

/// Writes an extension of the enum `EmbeddedTexts` that maps the path of each file, relative to a folder, to its text.
///
/// Arguments: the Swift file to write, the folder, the files.
@main
struct TextEmbedder {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count > 2 else { return }
    let folder = URL(filePath: arguments[1]).path()
    var source = "extension EmbeddedTexts {\n  package static let files: [String: String] = [\n"
    for path in arguments.dropFirst(2).sorted() {
      let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
      let name = path.dropFirst(folder.count).drop { $0 == "/" }
      // More number signs than follow a quote in any file, so that no file can end its literal early.
      let fence = String(repeating: "#", count: 8)
      source += "    \"\(name)\": \(fence)\"\"\"\n\(text)\n\"\"\"\(fence),\n"
    }
    try (source + "  ]\n}\n").write(to: URL(filePath: arguments[0]), atomically: true, encoding: .utf8)
  }
}
