import Foundation
import InventoryModel
import SandboxGateway
import Testing

extension TheProgram {
  @Suite("A run", .timeLimit(.minutes(3)))
  struct RunTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    @Test("of the sample shows all outcomes, and every row comes out of every format")
    func sample() async throws {
      let samples = Program.root.appending(component: "samples").path()
      let ending = try await program.run([
        samples + "/projects.csv", "--credentials", samples + "/credentials.csv", "--sandbox", "--rate", "0",
        "--max-attempts", "2",
      ])
      #expect(ending.status == 2)
      let inventory = Inventory(in: program.folder)
      let records = try inventory.csv()
      #expect(records.count > 100)
      #expect(Set(records.compactMap { $0["outcome"] }) == Set(Outcome.allCases.map(\.rawValue)))
      #expect(Set(records.map { $0["project_id"] }).count < records.count)
      try inventory.expectBalance(lines: records.compactMap { Int($0["line"] ?? "") })
    }

    @Test("asks once for a project that is listed twice with one credential, and tells each row")
    func duplicates() async throws {
      try program.folder.write(
        "list.csv", "project_id,credential,note\nalpha,,1\nbeta,,2\n alpha ,,3\nalpha,other,4\n\"alpha\",,5\n")
      try program.folder.write("keys.csv", "name,api_key\nother,key-of-other\n")
      let log = SandboxLog()
      let server = SandboxServer(
        behavior: SandboxBehavior(script: ["alpha": [.flat], "beta": [.notFound]]), log: log)
      let ending = try await server.serving { [program] baseURL in
        try await program.run(["list.csv", "--credentials", "keys.csv", "--base-url", baseURL, "--rate", "0"])
      }
      #expect(ending.status == 0)
      #expect(
        log.entries.map { "\($0.projectID ?? "") \($0.apiKey ?? "")" }.sorted() == [
          "alpha canary-key-4711", "alpha key-of-other", "beta canary-key-4711",
        ])
      let inventory = Inventory(in: program.folder)
      try inventory.expectBalance(lines: [2, 3, 4, 5, 6])
      let alphas = try inventory.csv().filter { $0["project_id"] == "alpha" }
      #expect(alphas.map { $0["note"] } == ["1", "3", "4", "5"])
      #expect(Set(alphas.map { $0["webhook_url"] }).count == 1)
      #expect(alphas.map { $0["credential"] } == ["default", "default", "other", "default"])
      #expect(Set(alphas.filter { $0["credential"] == "default" }.map { $0["fetched_at"] }).count == 1)
    }

    @Test("asks for an ID as one encoded path segment, whatever is in it, and keeps it as it is")
    func oddIDs() async throws {
      let ids = [
        "../admin", "a/b", "?x=1", "#f", "%2e%2e", "//evil.example", "a b", "é", "😀", "007", "12345678901234567890",
        "'); DROP TABLE results;--", "<script>", "=1+2", "a\u{200B}b", "1.23E+19",
      ]
      try program.folder.write("list.txt", ids.joined(separator: "\n"))
      let log = SandboxLog()
      let script = Dictionary(uniqueKeysWithValues: ids.map { ($0, [SandboxReply.enveloped]) })
      let server = SandboxServer(behavior: SandboxBehavior(script: script), log: log)
      let ending = try await server.serving { [program] baseURL in
        try await program.run(["list.txt", "--base-url", baseURL, "--rate", "0"])
      }
      #expect(ending.status == 0, "\(ending.error)")
      #expect(Set(log.entries.compactMap(\.projectID)) == Set(ids))
      for entry in log.entries {
        #expect(entry.path.dropFirst("/jelouapi/v1/external-support/".count).allSatisfy { $0 != "/" })
      }
      let inventory = Inventory(in: program.folder)
      try inventory.expectBalance(lines: Array(1...ids.count))
      #expect(try inventory.csv().map { $0["project_id"] } == ids)
      #expect(
        try inventory.jsonLines().map {
          $0["brain_id"] as? String ?? ($0["integration"] as? [String: Any])?["brain_id"] as? String
        } == ids)
      #expect(ending.error.contains("line 15: the ID contains an invisible character"))
      #expect(ending.error.contains("line 16: the ID looks like a number that a spreadsheet has shortened"))
      #expect(!ending.error.contains("\u{200B}"))
    }

    @Test(
      "never takes a failure for an absent integration",
      arguments: [
        .internalError, .tooManyRequests(retryAfter: nil), .forbidden, .redirect, .htmlPage, .envelopeFailed,
        .custom(status: 200), .custom(status: 204), .custom(status: 200, body: "{}"), .custom(status: 200, body: "[]"),
        .custom(status: 410), .custom(status: 400),
      ] as [SandboxReply])
    func failureIsNotAbsence(reply: SandboxReply) async throws {
      try program.folder.write("list.csv", "project_id\nalpha\n")
      let server = SandboxServer(behavior: SandboxBehavior(script: ["alpha": [reply]]))
      let ending = try await server.serving { [program] baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--max-attempts", "1"])
      }
      #expect(ending.status == 2)
      let record = try Inventory(in: program.folder).csv()[0]
      #expect(!["found", "not_found"].contains(record["outcome"]))
      #expect(record["error_code"]?.isEmpty == false)
      #expect(record["error_message"]?.isEmpty == false)
    }

    @Test("asks again after 429 and 500, not before Retry-After, and records the attempts")
    func retries() async throws {
      try program.folder.write("list.csv", "project_id\nalpha\nbeta\n")
      let log = SandboxLog()
      let server = SandboxServer(
        behavior: SandboxBehavior(script: [
          "alpha": [.tooManyRequests(retryAfter: 1), .flat], "beta": [.internalError, .internalError, .notFound],
        ]), log: log)
      let ending = try await server.serving { [program] baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--rate", "0"])
      }
      #expect(ending.status == 0)
      let records = try Inventory(in: program.folder).csv()
      #expect(records.map { $0["outcome"] } == ["found", "not_found"])
      #expect(records.map { $0["attempts"] } == ["2", "3"])
      let times = log.entries.filter { $0.projectID == "alpha" }.map(\.time)
      #expect(times.count == 2)
      #expect(try #require(times.last) - (try #require(times.first)) >= .seconds(1))
    }

    @Test("skips rows whose credential is unknown, and asks for the others")
    func unknownCredential() async throws {
      try program.folder.write("list.csv", "project_id,credential\nalpha,nobody\nbeta,mine\ngamma,\n")
      try program.folder.write("keys.csv", "name,client_id,client_secret\nmine,client,canary-secret\n")
      var program = program
      program.environment = [:]
      let log = SandboxLog()
      let server = SandboxServer(behavior: SandboxBehavior(script: ["beta": [.flat]]), log: log)
      let ending = try await server.serving { [program] baseURL in
        try await program.run(["list.csv", "--credentials", "keys.csv", "--base-url", baseURL])
      }
      #expect(ending.status == 2)
      #expect(log.entries.map(\.projectID) == ["beta"])
      #expect(log.entries.map(\.authorization) == ["Basic " + Data("client:canary-secret".utf8).base64EncodedString()])
      let records = try Inventory(in: program.folder).csv()
      #expect(records.map { $0["outcome"] } == ["skipped", "found", "skipped"])
      #expect(records.map { $0["error_code"] } == ["credential-unknown", "", "credential-unknown"])
      #expect(records.map { $0["attempts"] } == ["0", "1", "0"])
      #expect(!ending.error.contains("canary"))
    }

    @Test("reads the list from standard input and writes only the reports it is told to")
    func standardInput() async throws {
      let ending = try await program.run(
        ["run", "-", "--sandbox", "--rate", "0", "--format", "jsonl", "-o", "out/deep"], input: "alpha\nbeta\n")
      #expect([0, 2].contains(ending.status))
      #expect(try program.folder.content("out/deep") == ["inventory.db", "inventory.jsonl", "manifest.json"])
      #expect(try Inventory(in: program.folder, "out/deep").jsonLines().map { $0["line"] as? Int } == [1, 2])
    }

    @Test("keeps earlier runs in the database, and replaces the reports")
    func history() async throws {
      try program.folder.write("list.csv", "project_id\nalpha\n")
      for _ in 0..<2 { _ = try await program.run(["list.csv", "--sandbox", "--rate", "0"]) }
      let inventory = Inventory(in: program.folder)
      #expect(try inventory.query("SELECT id, state FROM runs") == ["1|finished", "2|finished"])
      #expect(try inventory.manifest()["run"] as? Int == 2)
      #expect(try inventory.csv().count == 1)
    }

    @Test("leaves an earlier database whole when a later list can't be used")
    func brokenListLater() async throws {
      try program.folder.write("list.csv", "project_id\nalpha\n")
      _ = try await program.run(["list.csv", "--sandbox", "--rate", "0"])
      try program.folder.write("list.csv", "project_id\nalpha\n\"beta\n")
      let ending = try await program.run(["list.csv", "--sandbox"])
      #expect(ending.status == 65)
      let inventory = Inventory(in: program.folder)
      #expect(try inventory.query("SELECT id, state FROM runs") == ["1|finished"])
      #expect(try inventory.csv().count == 1)
    }

    @Test("does not cut a value at a NUL: the rest of a URL is part of it")
    func nul() async throws {
      try program.folder.write("list.csv", "project_id\nalpha\nbeta\n")
      let server = SandboxServer(
        behavior: SandboxBehavior(script: [
          "alpha": [
            .custom(
              status: 200, body: #"{"webhookUrl": "https://good.example/\u0000.evil.example/x", "id": "a\u0000b"}"#)
          ],
          "beta": [.custom(status: 403, body: #"{"message": "before\u0000after"}"#)],
        ]))
      _ = try await server.serving { [program] baseURL in
        try await program.run(["list.csv", "--base-url", baseURL])
      }
      let records = try Inventory(in: program.folder).csv()
      #expect(records[0]["webhook_url"] == "https://good.example/\u{FFFD}.evil.example/x")
      #expect(records[0]["integration_id"] == "a\u{FFFD}b")
      #expect(records[1]["error_message"] == "before\u{FFFD}after")
    }

    @Test("shows no key in anything that it writes or says")
    func secrets() async throws {
      try program.folder.write("list.csv", "project_id\nalpha\nbeta\n")
      let echo = #"{"message": ["bad key canary-key-4711"], "statusMessage": "error", "status": 0}"#
      let found =
        #"{"webhookUrl": "https://u:pw-canary@h.example/?token=canary-t", "signingSecret": "canary-s", "k": "canary-key-4711"}"#
      let server = SandboxServer(
        behavior: SandboxBehavior(script: [
          "alpha": [.custom(status: 403, body: echo)], "beta": [.custom(status: 200, body: found)],
        ]))
      let ending = try await server.serving { [program] baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "-v", "--max-attempts", "1"])
      }
      #expect(ending.status == 2)
      #expect(!(ending.error + ending.output).contains("canary"))
      for name in try program.folder.content("inventory") {
        let data = try Data(contentsOf: URL(filePath: program.folder.path + "/inventory/" + name))
        #expect(data.firstRange(of: Data("canary".utf8)) == nil, "\(name)")
      }
      #expect(try Inventory(in: program.folder).csv()[1]["webhook_url"] == "https://***@h.example/?token=***")
    }
  }
}
