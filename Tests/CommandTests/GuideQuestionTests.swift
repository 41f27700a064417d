import Foundation
import TestSupport
import Testing

extension TheDatabase {
  @Suite("The guide's questions", .timeLimit(.minutes(2)))
  struct GuideQuestionTests {
    @Test("are ten, and answered alike by query and the sqlite3 shell, from the sample's inventory")
    func answers() async throws {
      let questions = try Guide.named("Queries").section("Ten questions in SQL").codeBlocks(in: "sql")
      #expect(questions.count == 10)
      let program = try Program()
      let samples = Program.root.appending(component: "samples").path()
      let run = try await program.run([
        "run", "\(samples)/projects.csv", "--credentials", "\(samples)/credentials.csv", "--sandbox", "--rate", "0",
        "--max-attempts", "3", "-q",
      ])
      #expect(run.status == 2)
      for question in questions {
        let ending = try await program.run(["query", "--format", "csv", question])
        #expect(ending.status == 0 && ending.error.isEmpty, "\(ending.error)")
        #expect(ending.output.split(whereSeparator: \.isNewline).count > 1, "no rows: \(question)")
        try program.folder.write("question.sql", ".mode csv\n.headers on\n" + question)
        let script = "/usr/bin/sqlite3 -readonly inventory/inventory.db <question.sql >answer.csv"
        #expect(try Shell.run("/bin/bash", ["-c", script], in: program.folder) == 0, "\(question)")
        #expect(try Self.unquoted(program.folder.text("answer.csv")) == Self.unquoted(ending.output), "\(question)")
      }
    }

    /// The shell quotes more than must be, and ends lines otherwise.
    private static func unquoted(_ csv: String) -> String {
      csv.replacing("\"", with: "").replacing("\r\n", with: "\n")
    }
  }
}
