import Foundation
import InventoryModel
import TestSupport
import Testing

/// The words that the gateway's answers become, as the guides list them.
@Suite("The guides to outcomes, error codes and changes")
struct GuideTests {
  @Test("list every outcome in order, and whether it is an answer; the README does, too")
  func outcomes() throws {
    for (table, answer) in [
      (try Guide.named("Reports").section("Outcomes").table("outcome"), "answer"),
      (try Guide.readme.table("outcome"), "an answer?"),
    ] {
      #expect(try table.codes("outcome") == Outcome.allCases.map(\.rawValue))
      #expect(try table.column(answer) == Outcome.allCases.map { $0.isAnswer ? "yes" : "no" })
    }
  }

  /// The codes that ``ErrorCode`` declares, in its order, each with the outcome in whose part it stands.
  private static var declared: [String] {
    get throws {
      let file = Guide.root.appending(path: "Sources/InventoryModel/Record/ErrorCode.swift")
      var outcome = ""
      return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
        if let match = line.wholeMatch(of: #/ *// `([a-z_]+)`/#) { outcome = String(match.output.1) }
        return line.firstMatch(of: /static let \w+ = ErrorCode\(rawValue: "([a-z-]+)"\)/).map {
          "\(outcome) \($0.output.1)"
        }
      }
    }
  }

  @Test("list every error code under its outcome")
  func errorCodes() throws {
    let declared = try Self.declared
    #expect(declared.count == 25)
    let outcomes = Set(declared.map { String($0.prefix { $0 != " " }) })
    #expect(outcomes.isSubset(of: Outcome.allCases.map(\.rawValue)))
    let statuses = ["unauthorized \(ErrorCode.http(401).rawValue)", "unauthorized \(ErrorCode.http(403).rawValue)"]
    let table = try Guide.named("Reports").section("Error codes").table("outcome")
    let documented = zip(try table.codes("outcome"), try table.codes("code")).map { "\($0) \($1)" }
    #expect(documented.sorted() == (declared + statuses + ["failed http-NNN"]).sorted())
  }

  @Test("have all error codes that there are: no other is made elsewhere")
  func otherCodes() throws {
    let sources = Guide.root.appending(component: "Sources")
    let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path()).filter { $0.hasSuffix(".swift") }
    let making = try files.filter { file in
      try String(contentsOf: sources.appending(path: file), encoding: .utf8).contains("ErrorCode(rawValue: \"")
    }
    #expect(making == ["InventoryModel/Record/ErrorCode.swift"])
  }

  @Test("list every kind of change")
  func changes() throws {
    let table = try Guide.named("Changes").section("Kinds of change").table("change")
    #expect(try table.codes("change") == Change.allCases.map(\.rawValue) + ["unlisted"])
  }
}
