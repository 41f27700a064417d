import Foundation
import Testing

/// Looks for keys in everything that a command has left behind, as a thief would.
struct KeySearch {
  let keys: [String]

  /// Every form in which a key may be written.
  private var forms: [Data] {
    keys.flatMap { key -> [String] in
      let base64 = String(Data(key.utf8).base64EncodedString().prefix { $0 != "=" })
      return [
        key, base64, base64.replacing("+", with: "-").replacing("/", with: "_"), key.replacing("/", with: "\\/"),
        key.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? key,
        key.unicodeScalars.map { "\\u00" + String($0.value, radix: 16) }.joined(),
      ]
    }.map { Data($0.utf8) }
  }

  /// Searches what was printed, and the names and the bytes of all files: databases with their free pages and logs, and
  /// workbooks as packed and unpacked.
  ///
  /// - Parameter inputs: folders and files that the test has made itself.
  func expectNothing(
    in ending: Program.Ending, _ folder: Scratch, inputs: [String] = ["in"],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var found = [("standard output", Data(ending.output.utf8)), ("standard error", Data(ending.error.utf8))]
    let unpacked = try Scratch()
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    where !inputs.contains(where: { name == $0 || name.hasPrefix($0 + "/") }) {
      found.append(("the name \(name)", Data(name.utf8)))
      if let content = try? folder.data(name) { found.append((name, content)) }
      guard name.hasSuffix(".xlsx") else { continue }
      let workbook = folder.path + "/" + name
      #expect(try Shell.run("/usr/bin/python3", ["-m", "zipfile", "-e", workbook, "."], in: unpacked) == 0)
    }
    for name in try FileManager.default.subpathsOfDirectory(atPath: unpacked.path) {
      if let content = try? unpacked.data(name) { found.append(("the workbook's \(name)", content)) }
    }
    let forms = forms
    for (place, content) in found {
      for form in forms {
        #expect(
          content.firstRange(of: form) == nil, "\(String(decoding: form, as: UTF8.self)) is in \(place)",
          sourceLocation: sourceLocation)
      }
    }
  }
}
