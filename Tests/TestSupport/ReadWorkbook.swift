import Foundation

/// A workbook as another program than ours reads it: openpyxl (Debian's package `python3-openpyxl`).
package struct ReadWorkbook: Decodable, Sendable {
  package struct Sheet: Decodable, Sendable {
    package var name: String
    /// The first cell that scrolls.
    package var frozen: String
    /// The cells that the filter is over.
    package var filter: String
    package var charts: Int
    /// The cells whose colour depends on what they hold.
    package var coloured: [String]
    package var rows: [[Cell]]

    package var texts: [[String]] { rows.map { $0.map(\.value) } }
  }

  package struct Cell: Decodable, Hashable, Sendable {
    /// Dates as the reports write them.
    package var value: String
    /// `n` for a number, `f` for a formula, `date`, nothing for an empty cell; else a text.
    package var kind: String
    package var format: String
    /// Where it leads; empty for no link.
    package var link: String

    package var isText: Bool { kind == "s" || kind == "inlineStr" }
  }

  package struct Unreadable: Error {
    package var message: String
  }

  package let sheets: [Sheet]

  package init(path: String) throws {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(component: "workbook.py")
    let output = FileManager.default.temporaryDirectory.appending(component: "workbook-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: output) }
    // Foundation's can crash where a thousand files are open, as they are while servers are tested beside this.
    let process = try ChildProcess(
      "/usr/bin/python3", of: "python3-openpyxl", ["-W", "ignore", script.path(), path], log: output.path())
    let status = try process.wait()
    let data = try Data(contentsOf: output)
    guard status == 0 else { throw Unreadable(message: String(decoding: data.suffix(2000), as: UTF8.self)) }
    sheets = try JSONDecoder().decode([Sheet].self, from: data)
  }

  package subscript(name: String) -> Sheet? { sheets.first { $0.name == name } }
}
