import Foundation
import InventoryJobs
import SandboxGateway
import TestSupport
import Testing

extension TheDatabase {
  /// The tables that scripts are written against. A change here is a change of the contract.
  @Suite("The contract")
  struct ContractTests {
    /// The options of `run`, as `--help` and the guide must name them.
    static let options = [
      "--output", "--database", "--format", "--ordered", "--id-column", "--delimiter", "--no-header", "--encoding",
      "--base-url", "--not-found-by",
      "--api-key-file", "--credentials", "--rate", "--burst", "--concurrency", "--max-attempts", "--timeout",
      "--connect-timeout", "--rate-scope", "--max-duration", "--shard", "--resume", "--resume-within", "--retry-failed",
      "--csv-profile",
      "--progress", "--quiet",
      "--verbose", "--log-format", "--ca-file", "--sandbox", "--sandbox-rate-limit", "--allow-host", "--stale-after",
      "--language",
      "--html-rows",
      "--templates", "--max-gone", "--fail-on", "--config", "--print-config",
    ]

    private func names(in text: String) -> Set<String> {
      Set(text.matches(of: /--[a-z][a-z-]*[a-z]/).map { String($0.output) })
    }

    @Test("--help names exactly the options there are")
    func help() async throws {
      let help = try await Program().run(["run", "--help"]).output
      let defined = help.split(separator: "\n").filter { $0.hasPrefix("  -") }.flatMap { line in
        names(in: String(line.prefix { $0 != "<" }.split(separator: "   ")[0]))
      }
      #expect(Set(defined).subtracting(["--help", "--version"]) == Set(Self.options))
    }

    @Test("the guide names exactly the options there are, with their defaults")
    func guide() async throws {
      let tables = try Guide.named("Options").section("run").tables.filter { $0.header[0] == "option" }
      #expect(Set(try tables.flatMap { try $0.codes("option").flatMap(names) }) == Set(Self.options))
      let rows = tables.flatMap(\.rows)
      let help = try await Program().run(["run", "--help"]).output.split(whereSeparator: \.isWhitespace).joined(
        separator: " ")
      for (option, value) in [
        ("--output", "inventory"), ("--format", "csv,jsonl,html"), ("--rate", "10/s"), ("--burst", "1"),
        ("--sandbox-rate-limit", "0/s"),
        ("--concurrency", "8"), ("--rate-scope", "all"), ("--csv-profile", "rfc4180"), ("--language", "en"),
        ("--html-rows", "5000"), ("--max-attempts", "5"),
        ("--timeout", "30s"), ("--resume-within", "7d"), ("--max-gone", "20%"),
        ("--connect-timeout", "10s"), ("--not-found-by", "body"), ("--stale-after", "365"),
        ("--progress", "auto"), ("--shard", "1/1"), ("--delimiter", "auto"), ("--encoding", "auto"),
      ] {
        let row = try #require(rows.first { names(in: $0[0]).contains(option) })
        #expect(row[2] == "`\(value)`", "\(option) in the guide")
        let description = try #require(help.components(separatedBy: option + " <").dropFirst().first)
        #expect(description.components(separatedBy: " --")[0].contains("default: \(value))"), "\(option) in --help")
      }
    }

    @Test("the README and the guide name exactly the exit codes there are")
    func exitCodes() throws {
      let codes = ExitStatus.allCases.map(\.rawValue) + [SIGHUP, SIGINT, SIGTERM].map { 128 + $0 }
      #expect(codes.sorted() == [0, 1, 2, 3, 64, 65, 66, 69, 70, 73, 75, 77, 129, 130, 143])
      for page in [try Guide.named("Troubleshooting"), try Guide.readme] {
        let cells = try page.section("Exit codes").table("code").column("code")
        let documented = cells.flatMap { $0.split(separator: ", ") }.compactMap { Int32($0) }
        #expect(documented.sorted() == codes.sorted(), "\(page)")
      }
    }

    @Test("columns, keys and files are the documented ones")
    func columns() async throws {
      let program = try Program()
      try program.folder.write("list.csv", "owner,project_id,credential,team\nAna,alpha,,red\n")
      let ending = try await program.run(["list.csv", "--sandbox", "--rate", "0"])
      #expect(ending.status == 0)
      let inventory = Inventory(in: program.folder)
      #expect(
        try inventory.header() == [
          "line", "project_id", "owner", "team", "outcome", "http_status", "integration_id", "brain_id", "webhook_url",
          "webhook_host", "auth_type", "created_at", "updated_at", "findings", "change", "changed_fields", "attempts",
          "duration_ms", "fetched_at", "credential", "error_code", "error_message",
        ])
      #expect(
        try program.folder.content("inventory") == [
          "inventory.csv", "inventory.db", "inventory.html", "inventory.jsonl", "manifest.json",
        ])
      #expect(try inventory.csv()[0]["credential"] == "default")
      #expect((try inventory.jsonLines()[0]["input"] as? [String: String]) == ["owner": "Ana", "team": "red"])
      #expect(try inventory.query("SELECT state, list_path, list_rows, shard FROM runs") == ["finished|list.csv|1|1/1"])
    }
  }
}
