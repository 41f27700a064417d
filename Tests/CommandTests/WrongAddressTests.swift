import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheReports {
  /// What stands at the base URL is not the gateway, or something in front of it answers.
  @Suite("A base URL that is wrong")
  struct WrongAddressTests {
    private let program: Program

    init() throws {
      program = try Program()
      try program.folder.writeList(Self.projects)
    }

    private static let projects = (1...12).map { "project-\($0)" }
    private static let behavior = SandboxBehavior(
      script: Dictionary(uniqueKeysWithValues: projects.map { ($0, [$0 == "project-1" ? .notFound : .flat]) }))

    /// The sandbox's address with another path.
    private static func wrong(_ baseURL: String) -> String { baseURL.replacing("/jelouapi/v1", with: "/api") }

    private func run(_ baseURL: String, _ arguments: String...) async throws -> Program.Ending {
      try await program.run(["list.csv", "--base-url", baseURL, "--rate", "0"] + arguments)
    }

    private func outcomes() throws -> [String] {
      try Inventory(in: program.folder).csv().map { "\($0["outcome"] ?? "") \($0["error_code"] ?? "")" }
    }

    private static let notTheGateway = "invalid_response not-the-gateway"

    @Test("makes no row an absence, ends with 2, and is named in the summary, the page, the workbook and the log")
    func wrongPath() async throws {
      let log = SandboxLog()
      try await SandboxServer(behavior: Self.behavior, log: log).serving { baseURL in
        let wrong = Self.wrong(baseURL)
        let ending = try await run(wrong, "--format", "csv,jsonl,html,xlsx")
        #expect(ending.status == 2, "\(ending.error)")
        #expect(
          ending.error.contains(
            "12 rows got a 404 that is not from the gateway. The base URL is probably wrong: \(wrong). Check"))
        let inventory = Inventory(in: program.folder)
        try inventory.expectBalance(lines: Array(2...13))
        for record in try inventory.csv() {
          #expect(record["outcome"] == "invalid_response" && record["error_code"] == "not-the-gateway")
          #expect(record["http_status"] == "404" && record["attempts"] == "1" && record["change"] == "")
          let path = "/api/external-support/\(record["project_id"] ?? "")"
          #expect(
            record["error_message"]
              == "This 404 is not from the gateway: its body is a routing error of Express, NestJS or AdonisJS: "
              + "\"Cannot GET \(path)\". Check --base-url, or use --not-found-by status.")
        }
        let page = try program.folder.text("inventory/inventory.html")
        #expect(
          page.contains(
            "<span>404 response that did not come from the gateway: check the base URL "
              + "<code>not-the-gateway</code></span> "
              + "<strong>12</strong>"))
        #expect(!page.contains("<span>Invalid response</span>"))
        let workbook = try ReadWorkbook(path: program.folder.path + "/inventory/inventory.xlsx")
        let summary = try #require(workbook["Summary"]).texts
        #expect(
          summary.contains {
            $0[0] == "12 rows received a 404 response that did not come from the gateway. Check the base URL."
          })
        #expect(log.entries.count == 12)
        // Nothing is left to resume, and all of it to be asked again.
        let again = try await run(wrong, "--retry-failed", "--log-format", "json")
        #expect(again.status == 2)
        #expect(again.error.contains("12 rows got a 404 that is not from the gateway."))
        #expect(log.entries.count == 24)
        let quiet = try await run(wrong, "-q")
        #expect(quiet.status == 2)
        #expect(quiet.error.isEmpty)
        // The page says so in every language, and from the database as well.
        let words = [
          "es": "Respuesta 404 que no proviene del gateway: verifique la URL base",
          "pt": "Resposta 404 que não veio do gateway: verifique a URL base",
        ]
        for (language, part) in words {
          let report = try await program.run(["report", "--language", language])
          #expect(report.status == 0, "\(report.error)")
          #expect(try program.folder.text("inventory/inventory.html").contains(part))
        }
      }
    }

    @Test("changes nothing in the history: what was there is unknown, not gone, and compares as before afterwards")
    func history() async throws {
      try await SandboxServer(behavior: Self.behavior).serving { baseURL in
        #expect(try await run(baseURL).status == 0)
        let wrong = try await run(Self.wrong(baseURL), "--fail-on", "changed", "--fail-on", "not-found")
        #expect(wrong.status == 2)
        #expect(!wrong.error.contains("--fail-on"))
        let inventory = Inventory(in: program.folder)
        #expect(try inventory.csv().map { $0["change"] } == Array(repeating: "unknown", count: 12))
        #expect(
          try inventory.query("SELECT change, count(*), count(last_good_at) FROM latest_changes GROUP BY change")
            == ["unknown|12|12"])
        let changes = try await program.run(["changes", "--format", "csv"])
        #expect(changes.status == 0)
        #expect(!changes.output.contains("gone"))
        #expect(try await run(baseURL, "--fail-on", "changed").status == 0)
        #expect(try inventory.csv().map { $0["change"] } == Array(repeating: "unchanged", count: 12))
      }
    }

    @Test("is seen in whatever answers there, and --not-found-by status takes all of it for absences")
    func others() async throws {
      let server = """
        location /nginx/ { return 404; }
        location /empty/ { return 404 '$arg_nothing'; }
        location /text/ { default_type text/plain; return 404 '404 page not found'; }
        location /kong/ { return 404 '{"message":"no Route matched with those values"}'; }
        location /rails/ { return 404 '{"status":404,"error":"Not Found"}'; }
        location /null/ { return 404 '{}'; }
        location /portal/ { default_type text/html; return 200 '<html>Sign in</html>'; }
        location /login/ { default_type text/html; return 401 '<html>Sign in</html>'; }
        location /own/ { return 404 '{"message":["Integration not found"],"statusMessage":"error","status":0}'; }
        """
      try await NginxServer.serving(server: server) { server in
        for (path, says) in [
          ("nginx", "an HTML page"), ("empty", "empty"), ("text", "text/plain instead of JSON"),
          ("kong", "a routing error of Kong: \"no Route matched with those values\""),
          ("rails", "a routing error of many frameworks and gateways: \"Not Found\""),
          ("null", "JSON without a message"),
        ] {
          let base = "\(server.baseURL)/\(path)"
          let ending = try await run(base)
          #expect(ending.status == 2, "\(path): \(ending.error)")
          #expect(ending.error.contains("The base URL is probably wrong: \(base)."))
          #expect(Set(try outcomes()) == [Self.notTheGateway], "\(path)")
          let messages = Set(try Inventory(in: program.folder).csv().map { $0["error_message"] ?? "" })
          #expect(
            messages == [
              "This 404 is not from the gateway: its body is \(says). Check --base-url, or use --not-found-by status."
            ])
          let byStatus = try await run(base, "--not-found-by", "status", "--max-gone", "100%", "-o", "by-status")
          #expect(byStatus.status == 0, "\(path): \(byStatus.error)")
          let absences = try Inventory(in: program.folder, "by-status").csv().map { $0["outcome"] }
          #expect(Set(absences) == ["not_found"])
        }
        #expect(try await run("\(server.baseURL)/portal").status == 2)
        #expect(Set(try outcomes()) == ["invalid_response not-json"])
        let login = try await run("\(server.baseURL)/login")
        #expect(login.status == 77)
        #expect(login.error.contains("Check the keys and --base-url"))
        #expect(
          login.error.contains("The response is 401 with an HTML page, which may come from a proxy or a login page"))
        let own = try await run("\(server.baseURL)/own", "--max-gone", "100%")
        #expect(own.status == 0, "\(own.error)")
        #expect(Set(try outcomes()) == ["not_found "])
        #expect(own.error.contains("No project has an integration."))
      }
    }

    @Test("is not suspected where the gateway itself has answered some rows; the rest can be asked again")
    func someRows() async throws {
      let page = SandboxReply.custom(status: 404, body: "<html>404</html>")
      let behavior = SandboxBehavior(script: [
        "project-1": [.notFound], "project-2": [page, .flat], "project-3": [page, .notFound], "project-4": [.flat],
      ])
      try program.folder.writeList((1...4).map { "project-\($0)" })
      try await SandboxServer(behavior: behavior).serving { baseURL in
        let ending = try await run(baseURL)
        #expect(ending.status == 2)
        #expect(!ending.error.contains("probably wrong"))
        #expect(
          ending.error.contains(
            "  2 not-the-gateway (lines 3, 4): correct --base-url, or add --not-found-by status if "))
        #expect(ending.error.contains("a changed list or --base-url needs a new run"))
        #expect(try outcomes() == ["not_found ", Self.notTheGateway, Self.notTheGateway, "found "])
        #expect(try await run(baseURL, "--retry-failed").status == 0)
        #expect(try outcomes() == ["not_found ", "found ", "not_found ", "found "])
      }
    }

    @Test("--not-found-by is set by option, variable and file, and shown by --print-config", arguments: [0, 1, 2])
    func option(place: Int) async throws {
      var program = program
      try program.folder.write("m.yaml", place == 2 ? "not-found-by: status\n" : "")
      if place == 1 { program.environment["JELOU_INVENTORY_NOT_FOUND_BY"] = "status" }
      let option = place == 0 ? ["--not-found-by", "status"] : []
      let sources = ["command line", "JELOU_INVENTORY_NOT_FOUND_BY", "m.yaml line 1"]
      let shown = try await program.run(["run", "--print-config", "--config", "m.yaml"] + option)
      #expect(shown.output.contains("not-found-by: status # \(sources[place])\n"))
      try await SandboxServer().serving { [program] baseURL in
        let arguments =
          ["list.csv", "--base-url", Self.wrong(baseURL), "--rate", "0", "--config", "m.yaml", "--max-gone", "100%"]
          + option
        let ending = try await program.run(arguments)
        #expect(ending.status == 0, "\(ending.error)")
        #expect(Set(try outcomes()) == ["not_found "])
        let plan = try await program.run(["plan"] + arguments + ["--probe"])
        #expect(plan.status == 0, "\(plan.error)")
        #expect(plan.output.contains("  works             default: 404"))
      }
      let unknown = try await program.run(["list.csv", "--sandbox", "--not-found-by", "header"])
      #expect(unknown.status == 64)
      let help = try await program.run(["plan", "--help"])
      #expect(help.output.contains("--not-found-by <what>"))
    }

    @Test("plan --probe does not know whether the credential works, says why, and ends with 2")
    func probe() async throws {
      try await SandboxServer(behavior: Self.behavior).serving { baseURL in
        let wrong = Self.wrong(baseURL)
        let arguments = ["plan", "list.csv", "--base-url", wrong, "--probe"]
        let text = try await program.run(arguments)
        #expect(text.status == 2)
        #expect(text.output.contains("  unknown           default: 404, "))
        #expect(text.output.contains("not-the-gateway: This 404 is not from the gateway: its body is a routing error"))
        let reason =
          "The probe did not confirm any credential. The base URL is probably wrong: \(wrong). Check --base-url"
        #expect(text.error.contains(reason))
        let json = try await program.run(arguments + ["--json"])
        #expect(json.status == 2)
        let forecast = try #require(
          try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let probe = try #require((forecast["probes"] as? [[String: Any]])?.first)
        #expect(probe["verdict"] as? String == "unknown" && probe["outcome"] as? String == "invalid_response")
        #expect(probe["error_code"] as? String == "not-the-gateway" && probe["http_status"] as? Int == 404)
        #expect((forecast["pace"] as? [String: Any])?["latency_measured"] as? Bool == false)
        #expect((forecast["warnings"] as? [String])?.contains { $0.hasPrefix(reason) } == true)
        #expect(try await program.run(["plan", "list.csv", "--base-url", baseURL, "--probe"]).status == 0)
      }
    }

    @Test("plan --probe ends with 2 where no credential is known to work, and with 0 where one does")
    func someProbes() async throws {
      try program.folder.write(
        "list.csv", "project_id,credential\nforbidden,\nbroken,a\nrefused,b\n")
      try program.folder.write("keys.csv", "name,api_key\na,CANARY-a\nb,CANARY-revoked\n")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: program.folder.path + "/keys.csv")
      let behavior = SandboxBehavior(script: [
        "forbidden": [.forbidden], "broken": [.custom(status: 500), .custom(status: 500), .flat],
      ])
      try await SandboxServer(behavior: behavior).serving { baseURL in
        let arguments = [
          "plan", "list.csv", "--base-url", baseURL, "--credentials", "keys.csv", "--probe", "--rate", "0",
        ]
        for json in [[], ["--json"]] {
          let ending = try await program.run(arguments + json)
          #expect(ending.status == 2, "\(ending.output)")
          #expect(ending.error == "error: The probe did not confirm any credential. See the results of the probe.\n")
        }
        let ending = try await program.run(arguments)
        #expect(ending.status == 0, "\(ending.output)")
        #expect(ending.error.isEmpty)
      }
    }
  }
}
