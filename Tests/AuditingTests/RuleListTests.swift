import Foundation
import InventoryModel
import Testing

@testable import Auditing

@Suite("The list of rules")
struct RuleListTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test("has the rule of every file in Rules")
  func files() throws {
    let folder = Self.root.appending(path: "Sources/Auditing/Rules")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path()).map { file in
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      return try String(#require(text.firstMatch(of: /AuditRule\("([a-z-]+)", \.\w+\)/), "\(file)").output.1)
    }
    #expect(names.sorted() == Rule.all.map(\.rule.name).sorted())
  }

  @Test("is the README's, in its order and with its severities")
  func documentation() throws {
    let readme = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    let rows = readme.matches(of: /\n\| `([a-z-]+)` \| (high|medium|low) \|/).map { "\($0.output.1) \($0.output.2)" }
    #expect(rows == Rule.all.map { "\($0.rule.name) \($0.rule.severity)" })
  }

  @Test("finds a rule by its name", arguments: Rule.all.map(\.rule))
  func names(rule: AuditRule) {
    #expect(AuditRule(named: rule.name) == rule)
    #expect(AuditRule(named: rule.name + "s") == nil)
  }
}
