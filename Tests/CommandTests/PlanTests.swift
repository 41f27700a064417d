import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheProgram {
  @Suite("plan", .timeLimit(.minutes(3)))
  struct PlanTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    /// A forecast by its keys; fails where there is none.
    private func forecast(
      _ arguments: [String], program: Program? = nil, status: Int32 = 0,
      sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [String: Any] {
      let ending = try await (program ?? self.program).run(["plan", "list.csv", "--json"] + arguments)
      #expect(ending.status == status, "\(ending.error)", sourceLocation: sourceLocation)
      let json = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
      return try #require(json as? [String: Any], sourceLocation: sourceLocation)
    }

    /// A value below dot-separated keys.
    private func value(_ path: String, in forecast: [String: Any]) throws -> Any? {
      var value: Any? = forecast
      for key in path.split(separator: ".") {
        value = try #require((value as? [String: Any])?.keys.contains(String(key)) == true ? value : nil, "\(path)")
        value = (value as? [String: Any])?[String(key)]
      }
      return value
    }

    private func int(_ path: String, in forecast: [String: Any]) throws -> Int? {
      try value(path, in: forecast) as? Int
    }

    private func strings(_ path: String, _ key: String, in forecast: [String: Any]) throws -> [String] {
      (try value(path, in: forecast) as? [[String: Any]] ?? []).map { "\($0[key] ?? "")" }
    }

    /// Everything in the folder with its content and when it was changed.
    private func state() throws -> [String: String] {
      var state: [String: String] = [:]
      for case let path as String in FileManager.default.enumerator(atPath: program.folder.path) ?? .init() {
        let attributes = try FileManager.default.attributesOfItem(atPath: program.folder.path + "/" + path)
        let content = (try? program.folder.data(path))?.base64EncodedString() ?? ""
        state[path] = "\(attributes[.modificationDate] ?? "") \(content)"
      }
      return state
    }

    private static let nasty = """
      id,credential,owner
      alpha,,Ana
      beta,acme,"=cmd()"
      alpha,,again
      alpha,acme,another credential

      "",,no ID
      ..,,"a
      place"
      al\u{200B}pha,,invisible
      1.23E+19,,shortened
      007,nobody,unknown
      008,nobody,unknown
      009,someone,unknown
      ../../etc/passwd,acme,hostile
      """ + "\n"

    private func writeNastyList() throws -> Program {
      try program.folder.write("list.csv", Self.nasty)
      try program.folder.write("keys.csv", "name,api_key\nacme,CANARY-acme-key\nspare,CANARY-spare-key\n")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: program.folder.path + "/keys.csv")
      var program = program
      program.environment = ["JELOU_API_KEY": "CANARY-default-key"]
      return program
    }

    @Test("tells what a nasty list holds, asks for nothing, makes nothing and shows no secret")
    func figures() async throws {
      let program = try writeNastyList()
      let before = try state()
      let log = SandboxLog()
      let (text, forecast) = try await SandboxServer(log: log).serving { baseURL in
        let arguments = ["--base-url", baseURL, "--credentials", "keys.csv"]
        let text = try await program.run(["plan", "list.csv"] + arguments)
        let json = try await program.run(["plan", "list.csv", "--json"] + arguments)
        #expect(!(text.output + text.error + json.output + json.error).contains("CANARY"))
        #expect(json.status == 0 && json.error.isEmpty)
        return (text, json.output)
      }
      #expect(log.entries.isEmpty)
      #expect(try state() == before)
      #expect(text.status == 0 && text.error.isEmpty)
      for line in [
        "  read as           utf-8, \",\", with a header", "  ID column         id", "  rows              12",
        "  projects          8", "  duplicates        2", "    line 4  alpha, first in line 2",
        "    line 5  alpha, first in line 2", "  invalid IDs       2", "    line 7  empty-id: The ID is empty.",
        "    line 8  id-dot-segment: The ID .. can't be requested: in a URL, it is a path to another resource.",
        "  hidden character  1 (line 10)", "  shortened IDs     1 (line 11)",
        "  used              acme: 3 rows, 3 requests", "  used              default: 4 rows, 3 requests",
        "  not used          spare", "  unknown           nobody: 2 rows, first in line 12",
        "  unknown           someone: 1 row, first in line 14", "  start             a new run",
        "  requests          6, assuming no retries", "  folder            inventory (will be created)",
      ] {
        #expect(text.output.split(separator: "\n").contains(Substring(line)), "\(line)\n\(text.output)")
      }
      let json = try #require(try JSONSerialization.jsonObject(with: Data(forecast.utf8)) as? [String: Any])
      for (path, number) in [
        ("list.rows", 12), ("list.projects", 8), ("list.duplicates.rows", 2), ("list.invalid.rows", 2),
        ("list.invisible.rows", 1), ("list.shortened.rows", 1), ("credentials.unknown.rows", 3),
        ("credentials.unknown.names", 2), ("credentials.missing.rows", 0), ("pace.requests", 6),
      ] {
        #expect(try int(path, in: json) == number, "\(path)")
      }
      #expect(try strings("list.duplicates.first", "line", in: json) == ["4", "5"])
      #expect(try strings("list.duplicates.first", "first_line", in: json) == ["2", "2"])
      #expect(try strings("list.invalid.first", "line", in: json) == ["7", "8"])
      #expect(try strings("list.invalid.first", "error_code", in: json) == ["empty-id", "id-dot-segment"])
      #expect(try value("list.invisible.first", in: json) as? [Int] == [10])
      #expect(try strings("credentials.used", "name", in: json) == ["acme", "default"])
      #expect(try strings("credentials.used", "requests", in: json) == ["3", "3"])
      #expect(try value("credentials.unused", in: json) as? [String] == ["spare"])
      #expect(try strings("credentials.unknown.first", "name", in: json) == ["nobody", "someone"])
      #expect(try value("list.id_column", in: json) as? String == "id")
      #expect(try value("probes", in: json) is NSNull)
    }

    @Test("foretells what the run then does: the same requests, outcomes and keys")
    func comesTrue() async throws {
      let program = try writeNastyList()
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--credentials", "keys.csv", "--rate", "0"]
        let plan = try await program.run(["plan", "--json"] + arguments)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any])
        _ = try await program.run(arguments + ["--max-attempts", "1"])
        #expect(log.entries.count == (try int("pace.requests", in: json)))
        let inventory = Inventory(in: program.folder)
        let counts = try inventory.query("SELECT count(*) FROM results WHERE outcome = 'invalid_id'")
        #expect(counts == ["2"])
        let duplicates = try inventory.query("SELECT line FROM findings WHERE rule = 'duplicate-row' ORDER BY line")
        #expect(try duplicates == strings("list.duplicates.first", "line", in: json))
        #expect(try inventory.query("SELECT count(*) FROM results WHERE error_code = 'credential-unknown'") == ["3"])
      }
    }

    @Test("counts beyond what it tells one by one, says what has no credential, and reads standard input")
    func manyAndStandardInput() async throws {
      var program = program
      try program.folder.write("keys.csv", "name,client_id,client_secret\nacme,me,CANARY-secret\n")
      program.environment = [:]
      let rows = (0..<40).map { "\($0 % 20),\($0 < 30 ? "" : "name-\($0)")\n" }
      let list = "project_id;credential\r\n".replacing("\r", with: "") + rows.joined().replacing(",", with: ";")
      let arguments = ["plan", "-", "--credentials", "keys.csv"]
      let ending = try await program.run(arguments, input: list)
      #expect(ending.status == 0)
      for text in [
        "List: standard input", "rows              40", "duplicates        20", "    … and 10 more",
        "used              none",
        "no credential     30 rows (lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …)", "unknown           name-39: 1 row",
        "requests          0",
      ] {
        #expect(ending.output.contains(text), "\(text)\n\(ending.output)")
      }
      let json = try await program.run(arguments + ["--json"], input: list)
      let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect(try value("list.delimiter", in: object) as? String == ";")
      #expect(try int("credentials.missing.rows", in: object) == 30)
      #expect(try value("credentials.missing.first", in: object) as? [Int] == Array(2...11))
      #expect(try int("credentials.unknown.names", in: object) == 10)
      #expect(try program.folder.content() == ["keys.csv"])
    }

    @Test(
      "counts time and requests in flight from the rate, the burst, its scope and the latency",
      arguments: [
        // 100 projects with each of two credentials. Arguments, least_ms, needed_concurrency, likely_ms, warns.
        (["--rate", "10"], 19_900, 3, 20_200, false),
        (["--rate", "10", "--burst", "50"], 15_000, 3, 15_300, false),
        (["--rate", "10", "--burst", "500"], 0, 3, 7500, false),
        (["--rate", "10", "--rate-scope", "credential"], 9900, 6, 10_200, false),
        (["--rate", "600/m", "--latency", "1001"], 19_900, 11, 25_025, true),
        (["--rate", "600/m", "--latency", "1001", "--concurrency", "11"], 19_900, 11, 20_901, false),
        (["--rate", "1000", "--concurrency", "4"], 199, 200, 15_000, true),
        (["--rate", "60/h"], 11_940_000, 1, 11_940_300, false),
        (["--rate", "0"], 0, nil, 7500, false),
        (["--rate", "10", "--max-duration", "20"], 19_900, 3, 20_200, true),
      ] as [([String], Int, Int?, Int, Bool)])
    func pace(arguments: [String], least: Int, needed: Int?, likely: Int, warns: Bool) async throws {
      let rows = (1...100).flatMap { ["\($0),one\n", "\($0),two\n"] }
      try program.folder.write("list.csv", "project_id,credential\n" + rows.joined())
      try program.folder.write("keys.csv", "name,api_key\none,key-number-1\ntwo,key-number-2\n")
      let forecast = try await forecast(["--credentials", "keys.csv"] + arguments)
      #expect(try int("pace.requests", in: forecast) == 200)
      #expect(try int("pace.least_ms", in: forecast) == least)
      #expect(try int("pace.needed_concurrency", in: forecast) == needed)
      #expect(try int("pace.likely_ms", in: forecast) == likely)
      #expect(try (value("warnings", in: forecast) as? [String])?.isEmpty == !warns)
      #expect(try value("pace.latency_measured", in: forecast) as? Bool == false)
    }

    @Test("takes every option of run")
    func options() async throws {
      func options(of command: String) async throws -> Set<String> {
        let help = try await program.run([command, "--help"]).output
        return Set(help.matches(of: /--[a-z][a-z-]*[a-z]/).map { String($0.output) })
      }
      let missing = try await options(of: "run").subtracting(options(of: "plan")).subtracting(["--print-config"])
      #expect(missing.isEmpty, "\(missing)")
    }
  }
}
