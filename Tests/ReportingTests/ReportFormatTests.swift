import Foundation
import TestSupport
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

  @Test("has a file of its own in the folder, which the guide names")
  func names() throws {
    let names = ReportFormat.allCases.flatMap { format in CSVProfile.allCases.map { format.fileName($0) } }
    #expect(Set(names).count == ReportFormat.allCases.count + 1)
    let files = try Guide.named("Reports").section("Output files").table("file").rows.map { "\($0[0]) \($0[1])" }
    let reports = ReportFormat.allCases.map { "`\($0.fileName(.rfc4180))` `\($0.rawValue)`" }
    #expect(files == reports + ["`inventory.db` ", "`manifest.json` "])
  }

  @Test("as CSV has the dialects that the guide lists")
  func profiles() throws {
    let table = try Guide.named("Spreadsheets").section("CSV profiles").table("profile")
    let documented = zip(try table.codes("profile"), try table.codes("file")).map { "\($0) \($1)" }
    let profiles = CSVProfile.allCases.map { "\($0.rawValue) \(ReportFormat.csv.fileName($0))" }
    #expect(documented.sorted() == profiles.sorted())
  }

  @Test("is in a manifest with the keys that the guide lists")
  func manifest() throws {
    let file = Guide.root.appending(path: "Tests/ReportingTests/Golden/manifest.json")
    let manifest = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    let table = try Guide.named("Reports").section("The manifest").table("key")
    #expect(try table.codes("key").sorted() == manifest.keys.sorted())
    let files = try #require(manifest["files"] as? [[String: Any]])
    let list = try #require(manifest["list"] as? [String: Any])
    for (key, parts) in [("files", files.flatMap(\.keys)), ("list", Array(list.keys))] {
      let row = try #require(table.rows.first { $0[0] == "`\(key)`" })
      #expect(Set(parts).isSubset(of: Guide.codes(in: row[1])), "\(key)")
    }
  }
}
