import Auditing
import Foundation
import InventoryModel
import SandboxGateway
import TestSupport
import Testing

extension TheReports {
  @Suite("The audit", .timeLimit(.minutes(3)))
  struct AuditTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    private static func flat(_ url: String, _ more: String = "") -> SandboxReply {
      .custom(
        status: 200,
        body: #"{"id": "int", "brainId": "b", "webhookUrl": "\#(url)", "authType": "bearer"\#(more)}"#)
    }

    /// Each project's answer, what the list expects of it, and the findings that come of it, in the reports' order.
    private static let projects: [(id: String, expected: String, reply: SandboxReply, findings: [AuditRule])] = [
      ("clean", "https://clean.example/", flat("https://clean.example/"), []),
      ("plain", "", flat("http://plain.example/"), [.webhookNotHTTPS]),
      ("inside", "", flat("https://127.1/hook"), [.hostNotAllowed, .webhookNotPublic]),
      ("ftp", "", flat("ftp://files.example/"), [.webhookInvalid]),
      ("secret", "", flat("https://u:CANARY1@secret.example/?token=CANARY2"), [.webhookHasSecret]),
      (
        "answer", "",
        flat("https://answer.example/", #", "signingSecret": "CANARY3", "deep": [{"apiKey": "CANARY4"}]"#),
        [.secretInResponse, .unexpectedField]
      ),
      ("foreign", "", flat("https://foreign.net/"), [.hostNotAllowed]),
      (
        "moved", "https://u:CANARY5@other.example/?key=CANARY6", flat("https://moved.example/"), [.webhookUnexpected]
      ),
      ("path", "https://path.example/b?key=CANARY7", flat("https://path.example/a"), [.webhookUnexpected]),
      (
        "none", "", .custom(status: 200, body: #"{"webhookUrl": "https://none.example/", "authType": "no_auth"}"#),
        [.noAuth]
      ),
      (
        "brain", "",
        .custom(status: 200, body: #"{"status": 1, "data": {"brainId": "x", "webhookUrl": "https://brain.example/"}}"#),
        [.brainMismatch]
      ),
      ("twin-1", "", flat("https://twin.example/"), [.webhookShared]),
      ("twin-2", "", flat("https://twin.example/"), [.webhookShared]),
      ("old", "", flat("https://old.example/", #", "updatedAt": "2020-01-01T00:00:00Z""#), [.stale]),
      ("future", "", flat("https://future.example/", #", "createdAt": "2999-01-01T00:00:00Z""#), [.timeInconsistent]),
      (
        "hmac", "", .custom(status: 200, body: #"{"webhookUrl": "https://hmac.example/", "authType": "hmac"}"#),
        [.unknownAuthType]
      ),
      ("field", "", flat("https://field.example/", #", "plan": "gold""#), [.unexpectedField]),
      ("clean", "https://clean.example/", flat("https://clean.example/"), [.duplicateRow]),
      ("gone", "https://gone.example/", .notFound, []),
    ]

    private func writeList() throws {
      try program.folder.write(
        "list.csv",
        "project_id,expected_webhook\n" + Self.projects.map { "\($0.id),\($0.expected)\n" }.joined())
    }

    private var server: SandboxServer {
      SandboxServer(
        behavior: SandboxBehavior(
          script: Dictionary(Self.projects.map { ($0.id, [$0.reply]) }, uniquingKeysWith: { first, _ in first })))
    }

    private func run(_ arguments: [String] = []) async throws -> Program.Ending {
      try await server.serving { [program] baseURL in
        try await program.run(
          ["list.csv", "--base-url", baseURL, "--rate", "0", "--allow-host", "*.example"] + arguments)
      }
    }

    @Test("finds the same in answers that it gathers as they come and in rows that it reads again at the end")
    func gatheredAndRead() async throws {
      // A column to compare with, or a project that comes twice, has the rows read again.
      let projects = Self.projects.filter { $0.expected.isEmpty || $0.id == "gone" }
      func findings(_ list: String) async throws -> [String] {
        try program.folder.write("list.csv", list)
        let ending = try await run(["--output", "again"])
        #expect(ending.status == 0, "\(ending.error)")
        return try Inventory(in: program.folder, "again").query(
          "SELECT line, project_id, rule, severity, detail FROM latest_findings ORDER BY line, rule, detail")
      }
      let gathered = try await findings("project_id\n" + projects.map { "\($0.id)\n" }.joined())
      let read = try await findings("project_id,expected_webhook\n" + projects.map { "\($0.id),\n" }.joined())
      #expect(gathered == read)
      #expect(gathered.count == projects.flatMap(\.findings).count)
      let twice = try await findings("project_id\n" + projects.map { "\($0.id)\n" }.joined() + "gone\n")
      #expect(twice.filter { !$0.contains("duplicate-row") } == gathered)
      #expect(twice.count == gathered.count + 1)
    }

    @Test("finds what every rule is for, tells it alike in every format, and has nothing against what is right")
    func everyRule() async throws {
      #expect(Set(Self.projects.flatMap(\.findings)) == Set(Rule.all.map(\.rule)))
      try writeList()
      let ending = try await run()
      #expect(ending.status == 0)
      let expected = Self.projects.map { $0.findings.map(\.name).joined(separator: ";") }
      let inventory = Inventory(in: program.folder)
      let records = try inventory.csv()
      #expect(records.map { $0["findings"] } == expected)
      #expect(records.map { $0["expected_webhook"] } == Self.projects.map(\.expected))
      let objects = try inventory.jsonLines().map { try #require($0["findings"] as? [[String: String]]) }
      #expect(objects.map { $0.compactMap { $0["rule"] }.joined(separator: ";") } == expected)
      #expect(
        try inventory.query("SELECT '=' || coalesce(findings, '') FROM latest ORDER BY line")
          == expected.map { "=" + $0 })
      let lines = objects.enumerated().flatMap { index, findings in
        findings.map { "\(index + 2)|\($0["rule"] ?? "")|\($0["severity"] ?? "")|\($0["detail"] ?? "")" }
      }
      #expect(
        Set(try inventory.query("SELECT line, rule, severity, detail FROM latest_findings")) == Set(lines))
      let rows = try program.folder.text("inventory/inventory.html").components(separatedBy: "<tr data-line=")
        .dropFirst()
      #expect(rows.count == expected.count)
      for (row, findings) in zip(rows, objects) {
        #expect(row.components(separatedBy: "<p class=").count - 1 == findings.count)
        for finding in findings {
          #expect(row.contains("<b>\((finding["severity"] ?? "").capitalized): \(finding["rule"] ?? "")</b>"))
          #expect(row.contains((finding["detail"] ?? "").replacing("'", with: "&#39;")))
        }
      }
      #expect(lines.allSatisfy { !$0.contains("CANARY") })
      let severities = Severity.allCases.map { severity in
        "\(Self.projects.flatMap(\.findings).count { $0.severity == severity }) \(severity.rawValue)"
      }
      #expect(ending.error.contains("\nFindings   \(severities.joined(separator: ", "))\n"))
    }

    @Test("is quiet where there is nothing to tell, and counts in the log")
    func counts() async throws {
      try program.folder.write("list.csv", "project_id\nclean\n")
      #expect(!(try await run().error.contains("Findings")))
      try program.folder.write("list.csv", "project_id\nplain\nnone\n")
      let error = try await run(["--log-format", "json"]).error
      #expect(error.contains(#""findings_high":1"#))
      #expect(error.contains(#""findings_medium":1"#))
      #expect(error.contains(#""findings_low":0"#))
    }

    @Test(
      "is made anew when a run goes on or asks again, and leaves nothing twice",
      arguments: ["--resume", "--retry-failed"])
    func again(option: String) async throws {
      try program.folder.write("list.csv", "project_id\nplain\nplain\nlate\n")
      let fixed = Self.flat("http://plain.example/")
      let replies: [SandboxReply] = [.internalError, Self.flat("https://127.1/")]
      let script = ["plain": [fixed], "late": replies]
      let inventory = Inventory(in: program.folder)
      try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { [program] baseURL in
        let command = ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1"]
        #expect(try await program.run(command).status == 2)
        #expect(
          try inventory.csv().map { $0["findings"] } == ["webhook-not-https", "webhook-not-https;duplicate-row", ""])
        if option == "--resume" {
          // As a run that was killed before its reports were in place, its last row still to be asked for.
          _ = try Shell.run(
            "/usr/bin/sqlite3",
            [
              "inventory/inventory.db",
              "UPDATE runs SET state = 'running'; UPDATE results SET outcome = NULL, error_code = NULL, error_message = NULL WHERE line = 4",
            ], in: program.folder)
        }
        #expect(try await program.run(command + [option]).status == 0)
        #expect(
          try inventory.csv().map { $0["findings"] } == [
            "webhook-not-https", "webhook-not-https;duplicate-row", "webhook-not-public",
          ])
        #expect(
          try inventory.query("SELECT run_id, line, rule FROM findings") == [
            "1|2|webhook-not-https", "1|3|duplicate-row", "1|3|webhook-not-https", "1|4|webhook-not-public",
          ])
      }
    }

    @Test(
      "refuses settings that are none",
      arguments: [
        ["--stale-after", "0"], ["--stale-after", "36501"], ["--allow-host", "https://x.example"],
        ["--allow-host", ""],
      ])
    func usage(arguments: [String]) async throws {
      try program.folder.write("list.csv", "project_id\nclean\n")
      #expect(try await program.run(["list.csv", "--sandbox"] + arguments).status == 64)
      #expect(!program.folder.exists("inventory"))
    }
  }
}
