import Foundation
import SandboxGateway
import Testing

extension TheReports {
  @Suite("report", .timeLimit(.minutes(3)))
  struct ReportTests {
    /// Of the runs whose reports go elsewhere.
    private static let database = ["--database", "inventory/inventory.db"]

    private let program: Program

    init() throws {
      program = try Program()
      try program.folder.writeList((1...120).map { "project-\($0)" } + ["..", "project-1"])
    }

    private static let run = ["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1"]
    private static let names = ["inventory.csv", "inventory.jsonl", "inventory.html", "manifest.json"]

    private func contents(of folder: String) throws -> [Data] {
      try Self.names.map { try program.folder.data("\(folder)/\($0)") }
    }

    @Test("writes a run's reports again, byte for byte, and asks nobody")
    func identical() async throws {
      var runs: [[Data]] = []
      for _ in 0..<2 {
        #expect(try await program.run(Self.run).status == 2)
        runs.append(try contents(of: "inventory"))
      }
      #expect(runs[0] != runs[1])
      // Without a key: nothing is asked for.
      var program = program
      program.environment = [:]
      for (number, folder) in [(1, "first"), (2, "second")] {
        let ending = try await program.run(
          [
            "report", "--run", "\(number)", "-o", folder,
          ] + Self.database)
        #expect(ending.status == 0, "\(ending.error)")
        #expect(ending.output.isEmpty)
        #expect(try contents(of: folder) == runs[number - 1])
        #expect(try program.folder.content(folder) == Self.names.sorted())
      }
      // The newest, in place.
      for name in Self.names { try program.folder.write("inventory/" + name, "old") }
      #expect(try await program.run(["report"]).status == 0)
      #expect(try contents(of: "inventory") == runs[1])
      #expect(try program.folder.content("inventory") == (Self.names + ["inventory.db"]).sorted())
    }

    @Test("writes an interrupted run's reports as they were, and nothing of a run that was killed")
    func unfinished() async throws {
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { [program] baseURL in
        let command = ["list.csv", "--base-url", baseURL, "--rate", "40", "--max-attempts", "1"]
        for signal in [SIGTERM, SIGKILL] {
          let asked = log.entries.count
          let running = try program.start(command)
          try await wait { log.entries.count > asked + 20 }
          running.send(signal)
          _ = try await running.ending
          if signal == SIGTERM {
            let before = try contents(of: "inventory")
            #expect(try await program.run(["report", "-o", "again"] + Self.database).status == 0)
            #expect(try contents(of: "again") == before)
          }
        }
        let before = try contents(of: "inventory")
        let ending = try await program.run(["report"])
        #expect(ending.status == 65)
        #expect(ending.error.contains("run 2 has not finished"))
        #expect(ending.error.contains("--resume"))
        #expect(try contents(of: "inventory") == before)
      }
    }

    @Test("is told when there is no such run, no database, or another's at work; nothing is left behind")
    func refusals() async throws {
      let missing = try await program.run(["report", "-o", "out"] + Self.database)
      #expect(missing.status == 66)
      #expect(missing.error.contains("inventory/inventory.db"))
      #expect(try program.folder.content() == ["list.csv"])
      #expect(try await program.run(Self.run).status == 2)
      let none = try await program.run(["report", "--run", "7", "-o", "out"] + Self.database)
      #expect(none.status == 64)
      #expect(none.error.contains("no run 7"))
      #expect(try program.folder.content() == ["inventory", "list.csv"])
      let running = try program.start(["list.csv", "--sandbox", "--rate", "5"])
      try await wait { program.folder.exists("inventory/inventory.db-wal") }
      let held = try await program.run(["report", "-o", "out"] + Self.database)
      #expect(held.status == 75)
      running.send(SIGTERM)
      _ = try await running.ending
      #expect(try program.folder.content() == ["inventory", "list.csv"])
    }

    @Test("JSON Lines are as samples/inventory.schema.json says, in every line, and a changed line is not")
    func schema() async throws {
      let samples = Program.root.appending(component: "samples").path()
      let ending = try await program.run([
        samples + "/projects.csv", "--credentials", samples + "/credentials.csv", "--sandbox", "--rate", "0",
        "--max-attempts", "2",
      ])
      #expect(ending.status == 2)
      try program.folder.write(
        "validate.py",
        """
        import json, sys
        from jsonschema import Draft202012Validator
        schema = json.load(open(sys.argv[1]))
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        lines = [json.loads(line) for line in open(sys.argv[2])]
        assert len(lines) > 100 and len({line["outcome"] for line in lines}) == 7
        for line in lines:
            validator.validate(line)
        for change in ({"extra": 1}, {"outcome": "lost"}, {"line": 0}, {"error": None, "outcome": "failed"},
                       {"integration": None, "outcome": "found"}, {"fetched_at": "yesterday"}):
            assert not validator.is_valid({**lines[0], **change}), change
        for key in lines[0]:
            assert not validator.is_valid({name: value for name, value in lines[0].items() if name != key}), key
        """)
      let status = try Shell.run(
        "/usr/bin/python3", ["validate.py", samples + "/inventory.schema.json", "inventory/inventory.jsonl"],
        in: program.folder)
      #expect(status == 0, "Debian's python3-jsonschema finds: run validate.py by hand")
    }
  }
}
