import InventoryModel
import TestSupport
import Testing
import TextFormats

@testable import LedgerQueries

@Suite("A question")
struct QuestionTests {
  @Test("has its title and its parameters from the comments above it")
  func comments() {
    let question = Question(
      name: "q",
      sql: """
        -- Who is late
        -- About :days, and more.
        -- :days = 365: so many days
        -- :column = Team (region), 2: the list's column
        --:empty = : nothing
        -- :project: its ID

        SELECT 1 -- :late = 1: no parameter any more
        """)
    #expect(question.title == "Who is late")
    #expect(
      question.parameters == [
        .init(name: "days", defaultValue: "365", meaning: "so many days"),
        .init(name: "column", defaultValue: "Team (region), 2", meaning: "the list's column"),
        .init(name: "empty", defaultValue: "", meaning: "nothing"),
        .init(name: "project", defaultValue: nil, meaning: "its ID"),
      ])
    #expect(
      question.values(given: ["days": "9", "other": "x"])
        == ["days": "9", "other": "x", "column": "Team (region), 2", "empty": ""])
  }

  @Test("without comments has neither")
  func bare() {
    let question = Question(name: "q", sql: "SELECT 1")
    #expect(question.title.isEmpty && question.parameters.isEmpty)
  }

  @Test("that is built in has a name of plain words, a title, and a meaning for every parameter")
  func builtIn() {
    #expect(BuiltInQuestions.all.count >= 13)
    for question in BuiltInQuestions.all {
      #expect(question.name.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil, "\(question.name)")
      #expect(question.title.count > 10 && !question.title.hasSuffix("."), "\(question.name)")
      #expect(question.parameters.allSatisfy { !$0.meaning.isEmpty }, "\(question.name)")
    }
    #expect(BuiltInQuestions.all.map(\.name) == BuiltInQuestions.all.map(\.name).sorted())
  }

  @Test("that is built in is in the guide, with its parameters and their defaults")
  func guide() throws {
    let table = try Guide.named("Queries").section("Built-in questions").table("question")
    #expect(try table.codes("question") == BuiltInQuestions.all.map(\.name))
    for (question, parameters) in zip(BuiltInQuestions.all, try table.column("parameters")) {
      #expect(parameters.isEmpty == question.parameters.isEmpty, "\(question.name)")
      for parameter in question.parameters {
        #expect(Guide.codes(in: parameters).contains(parameter.name), "\(question.name)")
        // The current month is described in words.
        guard let value = parameter.defaultValue, value != "now" else { continue }
        #expect(parameters.contains(value), "\(question.name)")
      }
    }
  }

  @Test("can be about the tables and views that the guide lists")
  func schema() throws {
    let table = try Guide.named("Queries").section("Tables and views").table("name")
    let documented = zip(try table.codes("name"), try table.column("kind")).map { "\($0) \($1)" }
    #expect(documented == (try SchemaGuide.columns().filter { $0.name == nil }.map { "\($0.table) \($0.type)" }))
  }

  @Test(
    "is found near a wrong name",
    arguments: [
      ("stale-by-teams", ["stale-by-team"]), ("shared", ["shared-webhooks"]), ("HOST", ["hosts"]), ("xyzzy", []),
      ("slowst", ["slowest"]),
    ])
  func near(name: String, expected: [String]) {
    #expect(BuiltInQuestions.names(near: name) == expected)
  }
}
