import Foundation
import InventoryModel
import TestSupport
import Testing

@testable import Auditing

@Suite("The list of rules")
struct RuleListTests {
  @Test("has the rule of every file in Rules")
  func files() throws {
    let folder = Guide.root.appending(path: "Sources/Auditing/Rules")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path()).map { file in
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      return try String(#require(text.firstMatch(of: /AuditRule\("([a-z-]+)", \.\w+\)/), "\(file)").output.1)
    }
    #expect(names.sorted() == Rule.all.map(\.rule.name).sorted())
  }

  @Test("is the guide's, in its order and with its severities")
  func documentation() throws {
    let table = try Guide.named("Audit").section("Rules").table("rule")
    let rows = zip(try table.codes("rule"), try table.column("severity")).map { "\($0) \($1)" }
    #expect(rows == Rule.all.map { "\($0.rule.name) \($0.rule.severity)" })
  }

  @Test("has conditions to fail on, which the guide lists")
  func conditions() throws {
    let names = try Guide.named("Audit").section("Failing on findings").table("condition").codes("condition")
    let conditions = [.notFound, .changed] + Severity.allCases.map { FailCondition.finding(atLeast: $0) }
    #expect(Set(names.map { FailCondition($0) }) == Set(conditions))
    #expect(Set(names).isSuperset(of: conditions.map(\.description)))
  }

  @Test("finds a rule by its name", arguments: Rule.all.map(\.rule))
  func names(rule: AuditRule) {
    #expect(AuditRule(named: rule.name) == rule)
    #expect(AuditRule(named: rule.name + "s") == nil)
  }
}
