import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheReports {
  @Suite("--fail-on", .timeLimit(.minutes(3)))
  struct FailOnTests {
    private let program: Program
    private var inventory: Inventory { Inventory(in: program.folder) }

    init() throws {
      program = try Program()
    }

    private typealias Projects = [(id: String, reply: SandboxReply)]

    private static func flat(_ url: String, auth: String = "bearer", _ more: String = "") -> SandboxReply {
      .custom(status: 200, body: #"{"id": "int", "webhookUrl": "\#(url)", "authType": "\#(auth)"\#(more)}"#)
    }

    /// Runs over a list of these projects, each answered as told.
    @discardableResult
    private func run(
      _ projects: Projects, _ arguments: [String] = [], program: Program? = nil
    ) async throws -> Program.Ending {
      let program = program ?? self.program
      try program.folder.writeList(projects.map(\.id))
      let script = Dictionary(projects.map { ($0.id, [$0.reply]) }, uniquingKeysWith: { first, _ in first })
      return try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { baseURL in
        try await program.run(
          ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1"] + arguments)
      }
    }

    /// The rows that the summary names for a condition; nil without such a line.
    private func matches(_ condition: String, of error: String) -> String? {
      let start = "--fail-on  \(condition): "
      return error.components(separatedBy: "\n").first { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
    }

    private static let clean: Projects = [
      ("a", flat("https://a.example/")), ("b", flat("https://b.example/")),
    ]
    private static let absent: Projects = clean + [("none", .notFound)]
    private static let low: Projects = clean + [("low", flat("https://low.example/", #", "plan": 1"#))]
    private static let medium: Projects = clean + [("medium", flat("https://medium.example/", auth: "no_auth"))]
    private static let high: Projects = clean + [("high", flat("http://high.example/"))]

    @Test(
      "ends with 1 exactly when a row meets the condition, and says which row",
      arguments: [
        ("not-found", clean, nil), ("not-found", high, nil), ("not-found", absent, "none"),
        ("finding", clean, nil), ("finding", absent, nil), ("finding", low, "low (unexpected-field)"),
        ("finding", medium, "medium (no-auth)"), ("finding", high, "high (webhook-not-https)"),
        ("finding:low", low, "low (unexpected-field)"), ("finding:low", clean, nil),
        ("finding:medium", low, nil), ("finding:medium", medium, "medium (no-auth)"),
        ("finding:medium", high, "high (webhook-not-https)"),
        ("finding:high", low, nil), ("finding:high", medium, nil), ("finding:high", high, "high (webhook-not-https)"),
        ("changed", clean, nil), ("changed", absent, nil),
      ] as [(String, [(id: String, reply: SandboxReply)], String?)])
    func table(condition: String, projects: [(id: String, reply: SandboxReply)], row: String?) async throws {
      let ending = try await run(projects, ["--fail-on", condition])
      #expect(ending.status == (row == nil ? 0 : 1), "\(ending.error)")
      let name = condition == "finding:low" ? "finding" : condition
      #expect(matches("\(name) matched 1 row", of: ending.error) == row.map { "line 4 \($0)" })
      #expect(ending.error.contains("--fail-on  \(name) matched") == (row != nil))
      #expect(ending.output.isEmpty)
      // Everything is written, and the run is finished.
      #expect(
        try program.folder.content("inventory") == [
          "inventory.csv", "inventory.db", "inventory.html", "inventory.jsonl", "manifest.json",
        ])
      try inventory.expectBalance(lines: Array(2..<projects.count + 2))
      #expect(try inventory.query("SELECT state FROM runs") == ["finished"])
      #expect(try inventory.manifest()["state"] as? String == "finished")
    }

    @Test("lists the first five rows of each condition that holds, and counts the rest; a row counts once")
    func several() async throws {
      let projects: Projects =
        (1...7).map { ("none-\($0)", .notFound) }
        + [("bad", Self.flat("http://u:p@bad.example/?token=1", auth: "no_auth", #", "plan": 1"#))] + Self.clean
      let ending = try await run(
        projects, ["--fail-on", "not-found,changed", "--fail-on", "finding:medium", "--fail-on", "not-found"])
      #expect(ending.status == 1)
      #expect(
        matches("not-found matched 7 rows", of: ending.error)
          == (1...5).map { "line \($0 + 1) none-\($0), " }.joined() + "…")
      #expect(
        matches("finding:medium matched 1 row", of: ending.error)
          == "line 9 bad (webhook-has-secret, webhook-not-https, no-auth)")
      #expect(ending.error.components(separatedBy: "--fail-on  not-found matched").count == 2)
      #expect(!ending.error.contains("--fail-on  changed"))
      #expect(
        ending.error.contains(
          "Every row was answered, but --fail-on matched: not-found (7 rows), finding:medium (1 row)."))
    }

    @Test("changed: new, added, changed and gone are; unchanged, unknown, unlisted and a first run are not")
    func changed() async throws {
      let fail = ["--fail-on", "changed"]
      let first: Projects = [
        ("same", Self.flat("https://same.example/")), ("moves", Self.flat("https://old.example/")),
        ("leaves", Self.flat("https://leaves.example/")), ("comes", .notFound),
        ("fails", Self.flat("https://fails.example/")), ("dropped", Self.flat("https://dropped.example/")),
      ]
      #expect(try await run(first, fail).status == 0)
      // Nothing differs: fails is unknown, dropped is unlisted.
      var second = first.dropLast()
      second[4].reply = .forbidden
      let unknown = try await run(Array(second), fail)
      #expect(unknown.status == 2)
      #expect(!unknown.error.contains("--fail-on"))
      second[4].reply = first[4].reply
      #expect(try await run(Array(second), fail).status == 0)
      let third: Projects = [
        ("fresh", Self.flat("https://fresh.example/")), ("same", Self.flat("https://same.example/")),
        ("moves", Self.flat("https://new.example/", auth: "no_auth")), ("leaves", .notFound),
        ("comes", Self.flat("https://comes.example/")),
      ]
      let ending = try await run(third, fail)
      #expect(ending.status == 1)
      #expect(
        matches("changed matched 4 rows", of: ending.error)
          == "line 2 fresh (new), line 4 moves (changed: webhook_url, auth_type), line 5 leaves (gone), "
          + "line 6 comes (added)")
      #expect(try inventory.query("SELECT count(*) FROM runs WHERE state = 'finished'") == ["4"])
    }

    @Test("gives way to 2, 69 and 77, and is told all the same")
    func precedence() async throws {
      let fail = ["--fail-on", "not-found,finding"]
      let failing = try await run(Self.absent + [("broken", .internalError)], fail)
      #expect(failing.status == 2)
      #expect(matches("not-found matched 1 row", of: failing.error) == "line 4 none")
      #expect(failing.error.contains("\nNo answer  1 row: "))

      // The list's second row is a duplicate, which is a finding without any answer.
      try program.folder.writeList(["x", "x"])
      let unreachable = try await program.run(
        ["list.csv", "--base-url", "http://127.0.0.1:1/v1", "--rate", "0", "--max-attempts", "1"] + fail)
      #expect(unreachable.status == 69)
      #expect(matches("finding matched 1 row", of: unreachable.error) == "line 3 x (duplicate-row)")

      var refused = program
      refused.environment = ["JELOU_API_KEY": "revoked"]
      let script = SandboxBehavior()
      let ending = try await SandboxServer(behavior: script).serving { [refused] baseURL in
        try await refused.run(["list.csv", "--base-url", baseURL, "--rate", "0"] + fail)
      }
      #expect(ending.status == 77)
      #expect(matches("finding matched 1 row", of: ending.error) == "line 3 x (duplicate-row)")
    }

    @Test("judges a run that goes on as it then stands")
    func goingOn() async throws {
      let fail = ["--fail-on", "not-found"]
      var projects = Self.absent + [("flaky", .internalError)]
      #expect(try await run(projects, fail).status == 2)
      projects[3].reply = Self.flat("https://flaky.example/")
      let script = Dictionary(uniqueKeysWithValues: projects.map { ($0.id, [$0.reply]) })
      let log = SandboxLog()
      let server = SandboxServer(
        behavior: SandboxBehavior(latency: .milliseconds(1), script: script), port: 0, log: log)
      try await server.serving { [program] baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1"]
        // The server's port is another, which a run that goes on would refuse.
        let database = ["inventory/inventory.db", "UPDATE runs SET base_url = '\(baseURL)'"]
        #expect(try Shell.run("/usr/bin/sqlite3", database, in: program.folder) == 0)
        let again = try await program.run(arguments + ["--retry-failed"] + fail)
        #expect(again.status == 1)
        #expect(log.entries.map(\.projectID) == ["flaky"])
        #expect(matches("not-found matched 1 row", of: again.error) == "line 4 none")
        // Only the reports are missing.
        let unfinished = ["inventory/inventory.db", "UPDATE runs SET state = 'running'"]
        #expect(try Shell.run("/usr/bin/sqlite3", unfinished, in: program.folder) == 0)
        #expect(try await program.run(arguments + ["--resume"] + fail).status == 1)
        #expect(try await program.run(arguments + ["--retry-failed"]).status == 0)
        #expect(log.entries.count == 1)
      }
    }

    @Test("holds with -q, too")
    func quiet() async throws {
      let ending = try await run(Self.absent, ["--fail-on", "not-found", "-q"])
      #expect(ending.status == 1)
      #expect(ending.error.isEmpty && ending.output.isEmpty)
    }

    @Test("is told to programs in the record of the end")
    func json() async throws {
      let ending = try await run(
        Self.absent + [("007", .notFound)], ["--fail-on", "finding,not-found", "--log-format", "json"])
      #expect(ending.status == 1)
      let lines = ending.error.split(separator: "\n")
      let line = try #require(lines.first { $0.contains("\"message\":\"finished\"") })
      let record = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let held = try #require(record["fail_on"] as? [[String: Any]])
      #expect(held.map { $0["condition"] as? String } == ["not-found"])
      #expect(held[0]["rows"] as? Int == 2)
      let first = try #require(held[0]["first"] as? [[String: Any]])
      #expect(first.map { $0["line"] as? Int } == [4, 5])
      #expect(first.map { $0["project_id"] as? String } == ["none", "007"])
      #expect(first.map { $0["what"] as? String } == ["not_found", "not_found"])
      #expect(lines.contains { $0.contains("\"level\":\"warning\"") && $0.contains("not-found (2 rows)") })
    }

    @Test(
      "takes no other words",
      arguments: ["", "nothing", "not_found", "finding:", "finding:worst", "changed,", "Changed", "finding:high,x"])
    func usage(condition: String) async throws {
      try program.folder.writeList(["a"])
      let ending = try await program.run(["list.csv", "--sandbox", "--fail-on", condition])
      #expect(ending.status == 64)
      #expect(ending.error.contains("--fail-on"))
      #expect(try program.folder.content() == ["list.csv"])
    }
  }
}
