import Foundation
import TestSupport
import Testing

@testable import jelou_inventory

extension TheDatabase {
  /// Options from variables and files.
  @Suite("Configuration")
  struct ConfigurationTests {
    private func settings(_ arguments: [String], in program: Program) async throws -> [String: String] {
      let ending = try await program.run(["run", "--print-config"] + arguments)
      #expect(ending.status == 0, "\(ending.error)")
      #expect(ending.error.isEmpty)
      return ending.output.split(separator: "\n").reduce(into: [:]) { settings, line in
        let parts = line.components(separatedBy: ": ")
        settings[parts[0]] = parts.dropFirst().joined(separator: ": ")
      }
    }

    @Test("the command line stands above a variable, a variable above the file, the file above the default")
    func precedence() async throws {
      var program = try Program()
      try program.folder.write("m.yaml", "rate: 3/s\nburst: 2\nconcurrency: 4\nquiet: true\n")
      program.environment["JELOU_INVENTORY_RATE"] = "5/m"
      program.environment["JELOU_INVENTORY_BURST"] = "7"
      program.environment["JELOU_INVENTORY_TIMEOUT"] = ""
      let settings = try await settings(["--config", "m.yaml", "--rate", "9/h"], in: program)
      #expect(settings["rate"] == "9/h # command line")
      #expect(settings["burst"] == "7 # JELOU_INVENTORY_BURST")
      #expect(settings["concurrency"] == "4 # m.yaml line 3")
      #expect(settings["quiet"] == "true # m.yaml line 4")
      #expect(settings["timeout"] == "30s # default")
      #expect(settings["# id-column"] == "not set")
      #expect(settings["# JELOU_API_KEY"] == "set, not shown")
    }

    @Test("what holds is what the run does, not only what is printed")
    func effect() async throws {
      var program = try Program()
      try program.folder.writeList(["one", "two", "three", "four", "five"])
      try program.folder.write(
        "m.json", #"{"output": "from file", "format": ["csv", "jsonl"], "sandbox": true, "rate": 0}"#)
      program.environment["JELOU_INVENTORY_CONFIG"] = "m.json"
      program.environment["JELOU_INVENTORY_FAIL_ON"] = "changed,finding:high"
      program.environment["JELOU_INVENTORY_FORMAT"] = "jsonl"
      program.environment["JELOU_INVENTORY_ALLOW_HOST"] = "one.example.com,two.example.com"
      let ending = try await program.run(["list.csv"])
      #expect(ending.status == 1, "\(ending.error)")
      #expect(
        try program.folder.content("from file") == ["inventory.db", "inventory.jsonl", "manifest.json"])
      let line = try program.folder.text("from file/inventory.jsonl")
      #expect(line.contains("host-not-allowed"))
      let again = try await program.run(["report", "--database", "from file/inventory.db", "--output", "again"])
      #expect(again.status == 0, "\(again.error)")
      #expect(try program.folder.content("again") == ["inventory.jsonl", "manifest.json"])
      program.environment["JELOU_INVENTORY_DATABASE"] = "from file/inventory.db"
      let runs = try await program.run(["runs", "--format", "jsonl"])
      #expect(runs.status == 0, "\(runs.error)")
      #expect(runs.output.contains(#""id":1"#))
    }

    @Test("an option on the command line drops those that exclude it and were set farther away")
    func conflicts() async throws {
      let program = try Program()
      try program.folder.write("m.yaml", "quiet: true\nresume: yes\nsandbox: true\n")
      let settings = try await settings(
        ["--config", "m.yaml", "-v", "--retry-failed", "--base-url", "https://gateway.example.com/v1"], in: program)
      #expect(settings["quiet"] == "false # default")
      #expect(settings["verbose"] == "true # command line")
      #expect(settings["resume"] == "false # default")
      #expect(settings["sandbox"] == "false # default")
      try program.folder.write("both.yaml", "quiet: true\nverbose: true\n")
      try program.folder.write("list.csv", "project_id\nalpha\n")
      let both = try await program.run(["list.csv", "--config", "both.yaml", "--sandbox"])
      #expect(both.status == 64, "\(both.error)")
    }

    @Test(
      "what can't be used is refused by file and line, with the nearest name, and no value is repeated",
      arguments: [
        ("raet: 5", "m.yaml line 1: there is no option raet; did you mean rate?"),
        ("rate: 5\n\nhtml_rows: 5", "m.yaml line 3: there is no option html_rows; did you mean html-rows?"),
        ("api-key: sk-canary", "m.yaml line 1: there is no option api-key; did you mean api-key-file?"),
        ("zzz: 1", "m.yaml line 1: there is no option zzz; list all options with run --print-config"),
        (
          "rate: abc",
          "m.yaml line 1: The value 'abc' is invalid for '--rate <n[/s|/m|/h]>'; "
            + "use a number with /s, /m or /h, for example 10/s; 0 means no limit"
        ),
        ("burst: 0", "m.yaml line 1: --burst is 0; use a number from 1 to 1000000."),
        ("rate: [1, 2]", "m.yaml line 1: rate has several values; write rate: VALUE"),
        ("rate: {a: sk-canary}", "m.yaml line 1: rate has several values; write rate: VALUE"),
        ("quiet: sk-canary", "m.yaml line 1: quiet is neither true nor false; write one of them"),
        ("rate: 1\nrate: 2", "m.yaml: rate is set twice; remove one of the lines"),
        ("- sk-canary", "m.yaml: this is not a mapping of options to values; write each option as NAME: VALUE"),
        (
          "rate: 'sk-canary",
          "m.yaml line 1: this is not valid YAML: found unexpected end of stream; write each option as NAME: VALUE"
        ),
        (
          #"{"rate": "sk-canary""#,
          "m.yaml line 2: this is not valid YAML: did not find expected ',' or '}'; write each option as NAME: VALUE"
        ),
      ])
    func unusable(content: String, message: String) async throws {
      let program = try Program()
      try program.folder.write("list.csv", "project_id\nalpha\n")
      try program.folder.write("m.yaml", content)
      let ending = try await program.run(["list.csv", "--sandbox", "--config", "m.yaml"])
      #expect(ending.status == 65)
      #expect(ending.error == "error: \(message)\n")
      #expect(try program.folder.content(".") == ["list.csv", "m.yaml"])
    }

    @Test("a file that is not there is 66, one that is no text 65, an empty one sets nothing")
    func files() async throws {
      let program = try Program()
      try program.folder.write("list.csv", "project_id\nalpha\n")
      let missing = try await program.run(["list.csv", "--sandbox", "--config", "none.yaml", "--log-format", "json"])
      #expect(missing.status == 66)
      #expect(
        missing.error.contains(
          #""message":"none.yaml: the configuration can't be read: no such file or directory. Check the path"#))
      try Data([0xFF, 0xFE, 0x00]).write(to: URL(filePath: program.folder.path + "/odd.yaml"))
      #expect(try await program.run(["list.csv", "--sandbox", "--config", "odd.yaml"]).status == 65)
      try program.folder.write("empty.yaml", "# nothing\n")
      #expect(try await program.run(["list.csv", "--sandbox", "--config", "empty.yaml", "-q"]).status == 0)
    }

    @Test("a variable that can't be used is named; one that sets nothing is warned of, and --help needs neither")
    func variables() async throws {
      var program = try Program()
      try program.folder.write("list.csv", "project_id\nalpha\n")
      program.environment["JELOU_INVENTORY_RAET"] = "1"
      let unknown = try await program.run(["list.csv", "--sandbox", "--rate", "0"])
      #expect(unknown.status == 0)
      #expect(
        unknown.error.contains(
          "there is no option for the variable JELOU_INVENTORY_RAET; did you mean JELOU_INVENTORY_RATE?"))
      program.environment["JELOU_INVENTORY_RATE"] = "fast"
      let unusable = try await program.run(["list.csv", "--sandbox"])
      #expect(unusable.status == 65)
      #expect(unusable.error.contains("JELOU_INVENTORY_RATE: The value 'fast' is invalid"))
      #expect(try await program.run(["run", "--help"]).status == 0)
      #expect(try await program.run(["list.csv", "--sandbox", "--rate", "0"]).status == 0)
    }

    /// Texts in capitals that are no variables of the environment.
    private static let noVariables = [
      "CERTIFICATE_VERIFY_FAILED", "ESCAPED_HTML", "MISSING_AUTHENTICATION_TOKEN", "RESOURCE_NOT_FOUND",
    ]

    @Test("every variable that the sources name is in the guide, and the guide names no other")
    func guide() throws {
      let sources = Program.root.appending(component: "Sources")
      var names: Set<String> = []
      for path in try FileManager.default.subpathsOfDirectory(atPath: sources.path()) where path.hasSuffix(".swift") {
        let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
        names.formUnion(text.matches(of: /"([A-Z][A-Z0-9]*(_[A-Z0-9]+)+|TMPDIR|TERM)"/).map { String($0.output.1) })
      }
      #expect(names.isSuperset(of: Self.noVariables))
      names.subtract(Self.noVariables)
      // SQLite itself reads the one; the other's name is put together.
      names.formUnion(["SQLITE_TMPDIR", ConfigurableOption.fileVariable])
      let others = try Guide.named("Configuration").section("Other variables").table("variable").codes("variable")
      let tasks = try Guide.named("SeveralMachines").tables.filter { $0.header.contains("task number") }.flatMap(\.rows)
        .flatMap { $0.flatMap(Guide.codes) }
      #expect((others + tasks).sorted() == names.sorted())
    }

    @Test("what --print-config prints is a configuration file that sets the same")
    func roundTrip() async throws {
      let program = try Program()
      try program.folder.write(
        "m.yaml",
        #"{output: "a: b # c", allow-host: ["*.example.com", x.example.com], id-column: "null", no-header: on}"#)
      let first = try await program.run(["run", "--print-config", "--config", "m.yaml"])
      try program.folder.write("again.yaml", first.output)
      let second = try await program.run(["run", "--print-config", "--config", "again.yaml"])
      func values(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.components(separatedBy: " # ").dropLast().joined(separator: " # ") }
      }
      #expect(second.status == 0, "\(second.error)")
      #expect(values(second.output) == values(first.output))
      #expect(first.output.contains(#"output: "a: b # c" # m.yaml line 1"#))
      #expect(first.output.contains(#"allow-host: ["*.example.com", x.example.com] # m.yaml line 1"#))
      #expect(!first.output.contains("canary"))
    }

    @Test("the sample works")
    func sample() async throws {
      let program = try Program()
      let root = Program.root.path()
      let ending = try await program.run([
        "run", root + "samples/projects.csv", "--config", root + "samples/monthly.yaml", "--credentials",
        root + "samples/credentials.csv", "--sandbox", "--rate", "0", "--max-attempts", "2",
      ])
      #expect(ending.status == 2, "\(ending.error)")
      #expect(try program.folder.content("inventory").contains("inventory.csv"))
      let first = try #require(ending.error.split(separator: "\n").first)
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(first.utf8)) }
    }
  }
}
