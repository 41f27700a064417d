import Foundation
import Testing

@testable import Reporting

@Suite("A report's format")
struct ReportFormatTests {
  @Test(
    "states what it needs",
    arguments: [
      (.csv, "inventory.csv", []), (.jsonl, "inventory.jsonl", []),
      (.html, "inventory.html", ["summarizes the run", "limits rows"]),
      (.xlsx, "inventory.xlsx", ["summarizes the run", "is binary", "needs a folder", "limits columns"]),
    ] as [(ReportFormat, String, [String])])
  func needs(format: ReportFormat, fileName: String, needs: [String]) {
    #expect(format.fileName(.rfc4180) == fileName)
    let stated = [
      ("summarizes the run", format.summarizesRun), ("limits rows", format.limitsRows), ("is binary", format.isBinary),
      ("needs a folder", format.needsWorkingFolder), ("limits columns", format.mostInputColumns != nil),
    ]
    #expect(stated.filter(\.1).map(\.0) == needs)
  }

  @Test("has a file of its own in the folder, and a word in the README")
  func names() throws {
    let names = ReportFormat.allCases.flatMap { format in CSVProfile.allCases.map { format.fileName($0) } }
    #expect(Set(names).count == ReportFormat.allCases.count + 1)
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    #expect(readme.contains("| `--format \(ReportFormat.allCases.map(\.rawValue).joined(separator: ","))` |"))
  }
}
