import ArgumentParser
import Foundation
import SandboxGateway
import TestSupport
import Testing
import TextFormats

@testable import jelou_inventory

extension TheDatabase {
  @Suite("What the program says")
  struct MessageTests {
    private var program: Program

    init() throws {
      program = try Program()
    }

    @Test("the bare program prints its help and ends with 0")
    func bare() async throws {
      let ending = try await program.run([])
      #expect(ending.status == 0)
      #expect(ending.error.isEmpty)
      #expect(ending.output == (try await program.run(["--help"]).output))
      for command in ["run", "plan", "report", "sandbox"] { #expect(ending.output.contains("\n  \(command)")) }
    }

    @Test(
      "a word that is neither a command nor a file is wrong usage and names the nearest command; a path is a missing list",
      arguments: [
        (["reports"], 64, "reports is neither a command nor a file; did you mean report?"),
        (["Runs"], 64, "Runs is neither a command nor a file; did you mean runs?"),
        (["chnages", "--from", "3"], 64, "did you mean changes?"), (["-q", "reports"], 64, "did you mean report?"),
        (["sandbx", "--port", "1"], 64, "did you mean sandbox?"), (["reports", "--help"], 64, "did you mean report?"),
        (["projects"], 64, "projects is neither a command nor a file; the commands are run, plan, report, "),
        (["reports.csv"], 66, "reports.csv: the list can't be opened"),
        (["./reports"], 66, "./reports: the list can't be opened"),
        (["run", "reports"], 66, "reports: the list can't"),
        (["plan", "reports"], 66, "reports: the list can't"),
      ] as [([String], Int32, String)])
    func words(arguments: [String], status: Int32, message: String) async throws {
      let ending = try await program.run(arguments)
      #expect(ending.status == status)
      #expect(ending.error.contains(message), "\(ending.error)")
      #expect(!ending.error.contains("Usage:") && ending.output.isEmpty)
      #expect(try program.folder.content().isEmpty)
    }

    @Test(
      "an error in the command line takes two lines: what is wrong and what to do, and where to find help",
      arguments: [
        (
          ["list.csv", "--rate", "fast"],
          "The value 'fast' is invalid for '--rate <n[/s|/m|/h]>'; "
            + "use a number with /s, /m or /h, for example 10/s; 0 means no limit", "run"
        ),
        (
          ["list.csv", "--api-key", "a-key-of-a-test"],
          "There is no option --api-key, because other users can see command lines; use --api-key-file FILE", "run"
        ),
        (
          ["plan", "list.csv", "--timeout", "1y"],
          "The value '1y' is invalid for '--timeout <duration>'; "
            + "use seconds, or a number with a unit: 500ms, 30s, 10m, 6h, 2d", "plan"
        ),
        (
          ["run", "list.csv", "--shard", "3/2"],
          "The value '3/2' is invalid for '--shard <i/n>'; use I/N with I from 1 to N and N up to 10000, for example 2/8; "
            + "or auto, or auto/N", "run"
        ),
        (
          ["report", "--progress", "loud"],
          "The value 'loud' is invalid for '--progress <style>'; use one of auto, bar, plain, none", "report"
        ),
        (
          ["run", "list.csv", "--not-found-by", "x"],
          "The value 'x' is invalid for '--not-found-by <what>'; use one of body, status", "run"
        ),
        (
          ["run", "list.csv", "--format", "pdf\u{1B}[2J"],
          "The value 'pdf\\u{1B}[2J' is invalid for '--format <names>'; use one or more of csv, jsonl, html, xlsx, "
            + "separated by commas", "run"
        ),
        (
          ["query", "hosts", "-p", "days"],
          "The value 'days' is invalid for '-p <name value>'; use a name and a value, for example -p days 90", "query"
        ),
        (["run", "list.csv", "--burst", "0"], "--burst is 0; use a number from 1 to 1000000.", "run"),
        (["run", "list.csv", "-q", "-v"], "--quiet and --verbose can't be combined; use one of them.", "run"),
        (["plan"], "Missing expected argument '<list>'", "plan"), (["-q"], "Missing expected argument '<list>'", "run"),
        (["runs", "--kepe", "3"], "Unknown option '--kepe'. Did you mean '--keep'?", "runs"),
      ] as [([String], String, String)])
    func usage(arguments: [String], message: String, command: String) async throws {
      let ending = try await program.run(arguments)
      #expect(ending.status == 64 && ending.output.isEmpty)
      #expect(
        ending.error == "error: \(message)\nSee 'jelou-inventory \(command) --help' for examples and options.\n")
      guard message != "Missing expected argument '<list>'" else { return }
      let json = try await program.run([arguments[0], "--log-format", "json"] + arguments.dropFirst())
      let record = try #require(try JSONSerialization.jsonObject(with: Data(json.error.utf8)) as? [String: Any])
      #expect(json.status == 64 && record["level"] as? String == "error")
      #expect((record["message"] as? String)?.hasPrefix(message.prefix(14)) == true, "\(json.error)")
    }

    @Test("a wrong value of an option is answered with what to write, whatever the option and the command")
    func syntax() throws {
      // Paths, names and the like may be anything at this point.
      let texts = [
        "output", "database", "language", "templates", "base-url", "api-key-file", "credentials", "ca-file", "config",
        "file", "print", "print-templates",
      ]
      for command in JelouInventory.configuration.subcommands {
        let name = try #require(command.configuration.commandName)
        let dump = try JSONSerialization.jsonObject(with: Data(command._dumpHelp().utf8))
        let root = try #require((dump as? [String: Any])?["command"] as? [String: Any])
        for argument in root["arguments"] as? [[String: Any]] ?? [] where argument["kind"] as? String == "option" {
          let names = try #require(argument["names"] as? [[String: String]])
          let option = try #require((names.first { $0["kind"] == "long" } ?? names[0])["name"])
          guard !texts.contains(option) else { continue }
          let value = (option.count == 1 ? "-" : "--") + option
          let error = #expect(throws: (any Error).self, "\(name) \(option)") {
            try JelouInventory.parseAsRoot([
              name, value, ["id-column": "", "allow-host": "https://example.com"][option] ?? "=",
            ])
          }
          let message = JelouInventory.message(for: try #require(error))
          #expect(ParserMessage(message, of: command).text.contains("'; use "), "\(name) \(option): \(message)")
        }
      }
    }

    @Test("a file of any name is a list")
    func plainName() async throws {
      try program.folder.write("reports", "project_id\nalpha\n")
      #expect(try await program.run(["reports", "--sandbox", "--rate", "0"]).status == 0)
    }

    @Test("sandbox says in a sentence why it can't listen, and ends with 73")
    func sandbox() async throws {
      try await SandboxServer().serving { [program] baseURL in
        let port = try #require(URL(string: baseURL)?.port)
        let ending = try await program.run(["sandbox", "--port", "\(port)"])
        #expect(ending.status == 73)
        #expect(
          ending.error.hasPrefix(
            "error: 127.0.0.1:\(port): the sandbox can't listen on this address: the port is in use"))
        #expect(ending.error.split(separator: "\n").count == 1)
      }
      let lowest = try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding: .utf8)
      guard let lowest, Int(lowest.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0 > 81 else { return }
      let privileged = try await program.run(["sandbox", "--port", "81"])
      #expect(privileged.status == 73)
      #expect(privileged.error.contains("this user may not open this port"), "\(privileged.error)")
    }

    @Test("every configurable command warns of variables that set no option")
    func variables() async throws {
      var program = program
      try program.folder.write("list.csv", "project_id\nalpha\n")
      #expect(try await program.run(["list.csv", "--sandbox", "--rate", "0"]).status == 0)
      program.environment["JELOU_INVENTORY_RAET"] = "1"
      program.environment["JELOU_INVENTORY_PORT"] = "tcp://10.0.0.1:80"
      for command in [
        ["plan", "list.csv", "--sandbox"], ["run", "list.csv", "--sandbox", "--rate", "0"], ["report"], ["changes"],
        ["runs"], ["query", "hosts"], ["run", "--print-config"], ["merge", "inventory"],
      ] {
        let ending = try await program.run(command)
        #expect(
          ending.error.contains(
            "warning: there is no option for the variable JELOU_INVENTORY_RAET; did you mean JELOU_INVENTORY_RATE?\n"),
          "\(command): \(ending.error)")
        #expect(
          ending.error.contains("warning: there is no option for the variable JELOU_INVENTORY_PORT"), "\(command)")
      }
      #expect(try await program.run(["runs", "-q"]).error.isEmpty)
    }

    @Test("--print-config shows a default for everything that has one")
    func settings() async throws {
      let plain = try await program.run(["run", "--print-config"]).output
      #expect(plain.contains("\nbase-url: https://gateway.jelou.ai/jelouapi/v1 # default\n"))
      #expect(plain.contains("\n# database: inventory/inventory.db by default, in the output folder\n"))
      let unset = plain.split(separator: "\n").filter { $0.hasSuffix(": not set") }.map { $0.dropFirst(2).dropLast(9) }
      #expect(
        unset.sorted() == [
          "JELOU_CLIENT_ID", "JELOU_CLIENT_SECRET", "allow-host", "api-key-file", "ca-file", "credentials", "fail-on",
          "id-column", "max-duration", "templates",
        ])
      let other = try await program.run(["run", "--print-config", "--sandbox", "-o", "a b"]).output
      #expect(other.contains(##"# database: "a b/inventory.db" by default"##))
      #expect(other.contains("\n# base-url: not used\n"))
      var full = program
      full.wrapper = ["/bin/sh", "-c", #"exec "$@" >/dev/full"#, "sh"]
      #expect(try await full.run(["run", "--print-config"]).status == 73)
      // What is printed can be used as it is.
      try program.folder.write("again.yaml", other)
      #expect(try await program.run(["run", "--print-config", "--config", "again.yaml"]).status == 0)
      try program.folder.write("list.csv", "project_id\nalpha\n")
      #expect(try await program.run(["plan", "list.csv", "--config", "again.yaml"]).status == 0)
    }

    @Test(
      "a gateway that slows a run without a rate down does not hold it lower than nothing", arguments: ["0", "0/m"])
    func noRate(rate: String) async throws {
      try program.folder.writeList(["a", "b", "c"])
      // Three refusals in a row are about the rate.
      let behavior = SandboxBehavior(
        script: Dictionary(
          uniqueKeysWithValues: ["a", "b", "c"].map { ($0, [.tooManyRequests(retryAfter: 1), .flat]) }))
      let ending = try await SandboxServer(behavior: behavior).serving { [program] baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--rate", rate])
      }
      #expect(ending.status == 0)
      #expect(ending.error.contains("; the gateway limited the rate for "), "\(ending.error)")
      #expect(!ending.error.contains("kept the rate below"))
      #expect(try program.folder.text("inventory/inventory.html").contains("<dd dir=\"auto\">No limit</dd>"))
    }

    @Test("rows without an answer are summed up by their causes, with examples and what to do")
    func causes() async throws {
      let names = ["pampa", "caribe", "andes", "selva"]
      let unknown = (1...101).map { "u\($0),\(names[($0 - 1) % 4])\n" }.joined()
      try program.folder.write(
        "list.csv", "project_id,credential\nfine,\n\(unknown)broken,\nfar,\nfar2,\n..,\nclosed,\n")
      let behavior = SandboxBehavior(script: [
        "fine": [.flat], "broken": [.htmlPage], "far": [.internalError], "far2": [.internalError],
        "closed": [.forbidden],
      ])
      try await SandboxServer(behavior: behavior).serving { [program] baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1"]
        let text = try await program.run(arguments)
        #expect(text.status == 2)
        let lines =
          text.error.components(
            separatedBy:
              "\nNo answer  106 rows: 1 unauthorized, 1 invalid_response, 2 failed, 1 invalid_id, 101 skipped\n"
          ).last?.components(separatedBy: "\nRequests ")[0].components(separatedBy: "\n") ?? []
        #expect(lines.count == 5)
        #expect(lines.first == "  101 credential-unknown (pampa, caribe, andes, …): add them to --credentials FILE")
        #expect(lines[1] == "    2 http-500 (lines 105, 106): wait until the gateway has recovered")
        #expect(lines.contains { $0.hasPrefix("    1 not-json (line 104 broken): check --base-url") })
        #expect(
          lines.contains {
            $0 == "    1 http-403 (line 108 closed): request access for this key"
          })
        #expect(lines.contains("    1 id-dot-segment (line 107 ..): correct the list"))
        #expect(
          text.error.contains(
            "\nFix the causes, then run again with --retry-failed; a changed list or --base-url needs a new run.\n"))
        let json = try await program.run(arguments + ["--log-format", "json"])
        let record = try #require(
          json.error.split(separator: "\n").first { $0.contains(#""message":"finished""#) })
        let object = try #require(
          try JSONSerialization.jsonObject(with: Data(record.utf8)) as? [String: Any])
        let causes = try #require(object["causes"] as? [[String: Any]])
        #expect(causes.count == 5)
        #expect(causes[0]["rows"] as? Int == 101)
        #expect(causes[0]["error_code"] as? String == "credential-unknown")
        #expect(causes[0]["credentials"] as? [String] == ["pampa", "caribe", "andes"])
        #expect(
          causes[0]["advice"] as? String
            == "add them to --credentials FILE, then run again with --retry-failed")
        #expect((causes[1]["first"] as? [[String: Any]])?.map { $0["project_id"] as? String } == ["far", "far2"])
        // Nothing to retry in a database that is gone.
        let stream = try await program.run(arguments + ["--output", "-", "--format", "csv"])
        #expect(stream.error.contains("\nFix the causes, then run again; a changed list"))
      }
    }

    @Test("what there is one of is one, in the terminal and in the page of each language")
    func one() async throws {
      try program.folder.writeList(["a"])
      let behavior = SandboxBehavior(script: ["a": [.htmlPage]])
      try await SandboxServer(behavior: behavior).serving { [program] baseURL in
        let run = try await program.run(["list.csv", "--base-url", baseURL, "--max-attempts", "1"])
        #expect(run.error.contains(": list.csv, 1 row\n"), "\(run.error)")
        #expect(run.error.contains("\nNo answer  1 row: 1 invalid_response\n"))
        #expect(run.error.contains("\nRequests   1\n"))
        for (language, sentences) in [
          (
            "en",
            [
              "0 of 1 row answered: 0 have an integration, 0 have none.",
              "1 row has no answer. This does not mean that the project has no integration.", "(1 row)",
              "\"{matching} of 1 row\"",
            ]
          ),
          (
            "es",
            [
              "0 de 1 fila con respuesta: 0 con integración y 0 sin integración.",
              "1 fila no tiene respuesta. Esto no significa que el proyecto no tenga integración.", "(1 fila)",
              "\"{matching} de 1 fila\"",
            ]
          ),
          (
            "pt",
            [
              "0 de 1 linha com resposta: 0 com integração e 0 sem integração.",
              "1 linha não tem resposta. Isso não significa que o projeto não tenha integração.", "(1 linha)",
              "\"{matching} de 1 linha\"",
            ]
          ),
        ] {
          #expect(try await program.run(["report", "--format", "html", "--language", language]).status == 0)
          let page = try program.folder.text("inventory/inventory.html")
          for sentence in sentences { #expect(page.contains(sentence), "\(language): \(sentence)") }
        }
        try program.folder.writeList(["a", "b", "c"])
        #expect(try await program.run(["list.csv", "--base-url", baseURL, "--max-attempts", "1"]).status != 0)
        #expect(try await program.run(["report", "--format", "html"]).status == 0)
        #expect(try program.folder.text("inventory/inventory.html").contains(" of 3 rows answered: "))
        let deleted = try await program.run(["runs", "--delete", "1"])
        #expect(deleted.error.contains("deleted: run 1; 1 row deleted\n"), "\(deleted.error)")
      }
    }

    @Test("a language file with one form for all numbers is used as such; one that lacks a number is refused")
    func ownLanguage() async throws {
      try program.folder.writeList(["a", "b"])
      try FileManager.default.createDirectory(
        atPath: program.folder.path + "/mine/languages", withIntermediateDirectories: true)
      try program.folder.write(
        "mine/languages/ja.txt", "rows = {n} 行\nheadline_answered = {n} 行のうち {answered}\nheadline_open = 不明 {n}\n")
      let command = ["list.csv", "--sandbox", "--rate", "0", "--templates", "mine", "--language", "ja"]
      let ending = try await program.run(command)
      #expect([0, 2].contains(ending.status), "\(ending.error)")
      let page = try program.folder.text("inventory/inventory.html")
      #expect(page.contains("(2 行)") && page.contains("2 行のうち "))
      try program.folder.write("mine/languages/ja.txt", "rows = {n} 行\nheadline_answered = {n} 行\n")
      let refused = try await program.run(command)
      #expect(refused.status == 65)
      #expect(
        refused.error.contains("mine/languages/ja.txt:2: headline_answered lacks the placeholder {answered}"),
        "\(refused.error)")
    }
  }
}
