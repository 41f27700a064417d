import Foundation
import SandboxGateway
import Testing

extension TheDatabase {
  @Suite("The built-in questions", .timeLimit(.minutes(3)))
  struct QuestionTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    private func csv(_ arguments: String...) async throws -> [String] {
      let ending = try await program.run(["query", "--format", "csv"] + arguments)
      #expect(ending.status == 0, "\(ending.error)")
      return ending.output.components(separatedBy: "\r\n").dropLast()
    }

    /// Two runs over a list in which there is something to be told by each question.
    private func takeInventory() async throws {
      let shared = #"{"id": "int", "webhookUrl": "https://hooks.example.com/in", "plan": "gold"}"#
      let script: [String: [SandboxReply]] = [
        "alpha": [.custom(status: 200, body: shared)], "beta": [.custom(status: 200, body: shared)],
        "gamma": [.notFound], "007": [.notFound], "delta": [.internalError], "epsilon": [.forbidden],
        "zeta": [
          .custom(
            status: 200,
            body: """
              {"id": "z", "webhookUrl": "https://z.example.com/", "authType": "no_auth", \
              "updatedAt": "2020-01-02T03:04:05.000Z"}
              """)
        ],
      ]
      try program.folder.write(
        "list.csv",
        """
        project_id,owner,"Team ""A"" $.x"
        alpha,Ana,North
        beta,Ana,
        gamma,Bea,North
        007,,South
        delta,Ana,South
        epsilon,Ana,South
        zeta,Bea,South
        alpha,Ana,North
        ,Ana,North

        """)
      try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { [program] baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1", "-q"]
        let ending = try await program.run(arguments)
        #expect(ending.status == 2)
      }
      var later = script
      later["gamma"] = [.custom(status: 200, body: #"{"webhookUrl": "https://new.example.com/"}"#)]
      later["alpha"] = [.notFound]
      try await SandboxServer(behavior: SandboxBehavior(script: later)).serving { [program] baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1", "-q"]
        let ending = try await program.run(arguments)
        #expect(ending.status == 2)
      }
    }

    @Test("are listed with name, title and parameters")
    func list() async throws {
      let lines = try await csv("--list")
      #expect(lines[0] == "name,title,parameters")
      #expect(lines.contains("shared-webhooks,Webhooks that several projects share,"))
      #expect(lines.contains { $0.hasPrefix("stale-by-team,") && $0.hasSuffix(",days=365;column=team") })
      let table = try await program.run(["query", "--list"]).output
      #expect(table.hasPrefix("NAME ") && table.split(separator: "\n").count == lines.count)
      #expect(try await program.run(["query", "--list", "--format", "jsonl"]).output.hasPrefix(#"{"name":"#))
    }

    @Test("all answer, also where the list has no other columns and there is no run yet")
    func allAnswer() async throws {
      try program.folder.writeList(["alpha", "beta"])
      #expect(try await program.run(["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1", "-q"]).status == 0)
      let names = try await csv("--list").dropFirst().map { String($0.prefix { $0 != "," }) }
      #expect(names.count >= 13)
      for delete in ["", "DELETE FROM runs", "DELETE FROM results"] {
        try Shell.run("/usr/bin/sqlite3", ["inventory/inventory.db", delete], in: program.folder)
        for name in names {
          let arguments = name == "project-history" ? ["-p", "project", "alpha"] : []
          let ending = try await program.run(["query", name] + arguments)
          #expect(ending.status == 0, "\(name): \(ending.error)")
        }
      }
    }

    @Test("tell what there is")
    func answers() async throws {
      try await takeInventory()
      let now = try await csv("SELECT substr(started_at, 1, 10) AS day FROM runs WHERE id = 2")[1]
      let expected: [(question: [String], answer: [String])] = [
        (["shared-webhooks"], ["webhook_url,projects,project_ids"]),
        (
          ["hosts"],
          ["webhook_host,projects,webhooks", "hooks.example.com,1,1", "new.example.com,1,1", "z.example.com,1,1"]
        ),
        (
          ["without-integration-by-owner"],
          ["owner,projects,project_ids", ",1,007", "Ana,1,alpha"]
        ),
        (
          ["without-integration-by-owner", "-p", "column", #"Team "A" $.x"#],
          ["owner,projects,project_ids", "North,1,alpha", "South,1,007"]
        ),
        (["without-integration-by-owner", "-p", "column", "42"], ["owner,projects,project_ids", #",2,"alpha,007""#]),
        (
          ["stale-by-team", "-p", "column", "owner"],
          ["team,projects,oldest_update,project_ids", "Bea,1,2020-01-02,zeta"]
        ),
        (["stale-by-team", "-p", "days", "100000"], ["team,projects,oldest_update,project_ids"]),
        (
          ["changed-this-month"],
          [
            "day,run_id,project_id,change,changed_fields,webhook_url,previous_webhook_url",
            "\(now),2,alpha,gone,,,https://hooks.example.com/in", "\(now),2,gamma,added,,https://new.example.com/,",
            "\(now),2,alpha,gone,,,https://hooks.example.com/in",
          ]
        ),
        (
          ["changed-this-month", "-p", "month", "2020-02"],
          ["day,run_id,project_id,change,changed_fields,webhook_url,previous_webhook_url"]
        ),
        (
          ["no-answer"],
          [
            "outcome,error_code,rows,first_line,first_project,error_message",
            "failed,http-500,1,6,delta,Internal server error", "invalid_id,empty-id,1,10,,The ID is empty.",
            "unauthorized,http-403,1,7,epsilon,This key has no access to the project",
          ]
        ),
        (["duplicates"], ["project_id,rows,lines", #"alpha,2,"2,9""#]),
        (["no-auth"], ["project_id,webhook_url,auth_type,line", "zeta,https://z.example.com/,no_auth,8"]),
        (
          ["outcomes-by-run"],
          [
            "run,day,state,rows,found,not_found,unauthorized,invalid_response,failed,invalid_id,skipped",
            "1,\(now),finished,9,4,2,1,0,1,1,0", "2,\(now),finished,9,3,3,1,0,1,1,0",
          ]
        ),
        (["unknown-fields"], ["field,projects,first_line,first_value", "plan,1,3,gold"]),
        (
          ["credentials"],
          [
            "credential,outcome,rows,requests", "default,found,3,3", "default,not_found,3,3", "default,failed,1,1",
            "default,invalid_id,1,0", "default,unauthorized,1,1",
          ]
        ),
        (
          ["project-history", "-p", "project", "007"],
          [
            "run,day,line,outcome,change,changed_fields,webhook_url,auth_type,updated_at,error_code,state",
            "1,\(now),5,not_found,,,,,,,finished", "2,\(now),5,not_found,unchanged,,,,,,finished",
          ]
        ),
      ]
      for (question, answer) in expected {
        #expect(
          try await program.run(["query", "--format", "csv"] + question).output == answer.map { $0 + "\r\n" }.joined(),
          "\(question)")
      }
      #expect(try await csv("shared-webhooks").count == 1)
      #expect(try await csv("slowest", "-p", "limit", "2").count == 3)
      #expect(try await csv("findings-by-rule").dropFirst().contains { $0.hasPrefix("medium,no-auth,") })
    }

    @Test("are printed, and can be changed and asked from a file with their parameters")
    func printing() async throws {
      try await takeInventory()
      let text = try await program.run(["query", "--print", "stale-by-team"])
      #expect(text.status == 0 && text.output.hasPrefix("-- Integrations that were not updated"))
      let file = Program.root.appending(path: "Sources/LedgerQueries/Questions/stale-by-team.sql")
      #expect(try text.output == String(contentsOf: file, encoding: .utf8))
      try program.folder.write("mine.sql", text.output.replacing("= team:", with: "= owner:"))
      #expect(try await csv("--file", "mine.sql").last == "Bea,1,2020-01-02,zeta")
      #expect(try await csv(text.output, "-p", "column", "owner").last == "Bea,1,2020-01-02,zeta")
    }

    @Test(
      "that there is not are told with the nearest", arguments: [["--print", "shared-webhook"], ["shared-webhook"]])
    func unknown(arguments: [String]) async throws {
      let ending = try await program.run(["query"] + arguments)
      #expect(ending.status == 64 && ending.output.isEmpty)
      #expect(ending.error.contains("there is no built-in question shared-webhook; did you mean shared-webhooks"))
    }
  }
}
