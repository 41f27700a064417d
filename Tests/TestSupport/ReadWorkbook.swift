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
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(component: "workbook.py")
    process.arguments = [script.path(), path]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    let message = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Unreadable(message: String(decoding: message.suffix(2000), as: UTF8.self))
    }
    sheets = try JSONDecoder().decode([Sheet].self, from: data)
  }

  package subscript(name: String) -> Sheet? { sheets.first { $0.name == name } }
}
