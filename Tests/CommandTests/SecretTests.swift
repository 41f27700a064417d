import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheProgram {
  /// Plants keys wherever a run takes them, has the gateway repeat them wherever it can, and searches all that is left.
  @Suite("A secret", .timeLimit(.minutes(3)))
  struct SecretTests {
    private static let key = "sk-CANARY/7f3a9c+2b=="
    private static let other = "sk-CANARY-other-55aa"
    private static let clientSecret = "CANARY secret:7".replacing(" ", with: "-")
    private static let inFile = "CANARY-in-a-file-0123"

    private let program: Program

    init() throws {
      var program = try Program()
      program.environment = ["JELOU_API_KEY": Self.key, "OTHER_KEY": Self.other]
      self.program = program
      try program.folder.write(
        "keys.csv",
        "name,api_key,client_id,client_secret\nother,env:OTHER_KEY,,\nbasic,,client,\(Self.clientSecret)\nfile,file:key,,\n"
      )
      try program.folder.write("key", Self.inFile + "\n")
      for name in ["keys.csv", "key"] { chmod(program.folder.path + "/" + name, 0o600) }
    }

    /// Every form in which one of the secrets may turn up.
    private static var forms: [String] {
      [key, other, clientSecret, inFile].flatMap { secret -> [String] in
        let base64 = Data(secret.utf8).base64EncodedString()
        return [
          secret, base64, base64.replacing("=", with: ""), secret.replacing("/", with: "\\/"),
          secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret,
          secret.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? secret,
        ]
      } + [Data("client:\(clientSecret)".utf8).base64EncodedString(), "CANARY"]
    }

    /// Searches every file below the folder, but for those in which the secrets are kept, and the given texts.
    private func expectNoSecret(in texts: [String] = [], sourceLocation: SourceLocation = #_sourceLocation) throws {
      let root = program.folder.path
      let names = try FileManager.default.subpathsOfDirectory(atPath: root).filter {
        !["keys.csv", "key", "list.csv"].contains($0)
      }
      var found: [(String, Data)] = texts.map { ("what was printed", Data($0.utf8)) }
      for name in names {
        found.append((name, Data(name.utf8)))
        if let content = try? Data(contentsOf: URL(filePath: root + "/" + name)) { found.append((name, content)) }
      }
      for (place, content) in found {
        for form in Self.forms {
          #expect(content.firstRange(of: Data(form.utf8)) == nil, "\(form) in \(place)", sourceLocation: sourceLocation)
        }
      }
    }

    /// Answers that repeat every secret, each in another place and form.
    private static let echoes: [String: [SandboxReply]] = {
      let all = [key, other, clientSecret, inFile].joined(separator: " and ")
      let quoted = all.replacing("/", with: "\\/")
      let coded = key.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      let base64 = Data("client:\(clientSecret)".utf8).base64EncodedString()
      return [
        "message": [.custom(status: 403, body: #"{"message": ["refused: \#(all)"], "status": 0}"#)],
        "text": [.custom(status: 500, body: #"{"message": "x-api-key: \#(quoted)"}"#)],
        "found": [
          .custom(
            status: 200,
            body:
              #"{"webhookUrl": "https://u:\#(other)@h.example/?token=\#(coded)&q=\#(coded)", "id": "\#(other)", "brainId": "\#(inFile)", "authType": "Basic \#(base64)", "createdAt": "\#(all)", "authorization": "\#(key)", "signingSecret": "CANARY-signing", "note": "\#(quoted)", "\#(other)": 1, "deep": [{"x": "\#(all)"}]}"#
          )
        ],
        "redirect": [.custom(status: 302, headers: ["location": "https://evil.example/\(coded)?key=\(coded)"])],
        "page": [.custom(status: 200, headers: ["content-type": "text/\(other)"], body: "<b>\(all)</b>")],
        "wait": [.custom(status: 503, headers: ["retry-after": "601"], body: #"{"message":"\#(all)"}"#)],
      ]
    }()

    private func writeList() throws {
      // A key has slipped into a column of the list, too.
      let rows = ["message", "text", "found", "redirect", "page", "wait"].flatMap { id in
        ["", "other", "basic", "file"].map { "\(id),\($0),team of \(Self.other),\($0)\n" }
      }
      try program.folder.write("list.csv", "project_id,credential,\(Self.inFile),note\n" + rows.joined())
    }

    @Test(
      "is nowhere in what a run writes, says or logs, however the gateway repeats it",
      arguments: [["-v"], ["-v", "--log-format", "json"], ["--progress", "bar"]])
    func everywhere(arguments: [String]) async throws {
      try writeList()
      try await SandboxServer(behavior: SandboxBehavior(script: Self.echoes)).serving { baseURL in
        let command =
          ["list.csv", "--base-url", baseURL, "--credentials", "keys.csv", "--rate", "0", "--max-attempts", "2"]
          + arguments
        let ending = try await program.run(command)
        #expect(ending.status == 2)
        try expectNoSecret(in: [ending.error, ending.output])
        let records = try Inventory(in: program.folder).csv()
        #expect(records.count == 24)
        #expect(records.filter { $0["project_id"] == "found" }.allSatisfy { $0["outcome"] == "found" })
        #expect(records.allSatisfy { $0["***"] == "team of ***" })
      }
    }

    @Test("is not in the arguments of the process, nor left by a run that is killed in the middle")
    func killed() async throws {
      try writeList()
      var behavior = SandboxBehavior(script: Self.echoes)
      behavior.latency = .milliseconds(200)
      let log = SandboxLog()
      try await SandboxServer(behavior: behavior, log: log).serving { baseURL in
        let running = try program.start([
          "list.csv", "--base-url", baseURL, "--credentials", "keys.csv", "--rate", "20", "--max-attempts", "1", "-v",
        ])
        try await wait { log.entries.count >= 8 }
        try await Task.sleep(for: .milliseconds(500))
        let arguments = try Data(contentsOf: URL(filePath: "/proc/\(running.id)/cmdline"))
        #expect(arguments.firstRange(of: Data("CANARY".utf8)) == nil)
        running.send(SIGKILL)
        let ending = try await running.ending
        try expectNoSecret(in: [ending.error])
        #expect(program.folder.exists("inventory/inventory.db-wal"))
      }
    }

    @Test("is not in what a crash leaves behind", arguments: [SIGSEGV, SIGABRT, SIGILL, SIGTRAP])
    func crash(signal: Int32) async throws {
      try writeList()
      try await ScriptedServer.serving(.request, .stall) { server in
        let running = try program.start([
          "list.csv", "--base-url", server.baseURL, "--credentials", "keys.csv", "--rate", "0",
        ])
        try await wait { server.record.requests.count >= 8 }
        let limits = try String(contentsOfFile: "/proc/\(running.id)/limits", encoding: .utf8)
        #expect(limits.contains(#/Max core file size\s+0\s+0\s/#))
        running.send(signal)
        let ending = try await running.ending
        #expect(ending.signal == signal)
        try expectNoSecret(in: [ending.error, ending.output])
      }
    }

    @Test("does not travel to where a redirect leads")
    func redirect() async throws {
      try program.folder.writeList(["project-1"])
      try await ScriptedServer.serving(.request, .stall) { elsewhere in
        let script = [
          "project-1": [SandboxReply.custom(status: 307, headers: ["location": "http://127.0.0.1:\(elsewhere.port)/"])]
        ]
        let ending = try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { baseURL in
          try await program.run(["list.csv", "--base-url", baseURL])
        }
        #expect(ending.status == 2)
        #expect(elsewhere.record.connections == 0)
        #expect(try Inventory(in: program.folder).csv()[0]["error_code"] == "redirect")
      }
    }

    @Test("that stands in the ID column, or in a credential's name, ends the run before anything is sent or written")
    func wrongColumn() async throws {
      try program.folder.write("list.csv", "project_id\nproject-1\n\(Self.key)\n")
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { baseURL in
        let ending = try await program.run(["list.csv", "--base-url", baseURL])
        #expect(ending.status == 65)
        #expect(ending.error.contains("list.csv line 3"))
        #expect(!ending.error.contains("CANARY"))
        try program.folder.writeList(["project-1"])
        try program.folder.write("keys.csv", "name,api_key\n\(Self.other),\(Self.other)\n")
        let named = try await program.run(["list.csv", "--base-url", baseURL, "--credentials", "keys.csv"])
        #expect(named.status == 65)
        #expect(!named.error.contains("CANARY"))
      }
      #expect(log.entries.isEmpty)
      #expect(try program.folder.content() == ["key", "keys.csv", "list.csv"])
    }

    @Test("in a file that others can read gets a warning, and the run goes on")
    func readableFile() async throws {
      try program.folder.writeList(["project-1"])
      for (file, options) in [("keys.csv", ["--credentials", "keys.csv"]), ("key", ["--api-key-file", "key"])] {
        let log = SandboxLog()
        try await SandboxServer(behavior: SandboxBehavior(script: ["project-1": [.flat]]), log: log).serving {
          baseURL in
          let quiet = try await program.run(["list.csv", "--base-url", baseURL] + options)
          #expect(!quiet.error.contains("chmod"))
          chmod(program.folder.path + "/" + file, 0o644)
          let ending = try await program.run(["list.csv", "--base-url", baseURL] + options)
          #expect(ending.status == 0)
          #expect(ending.error.contains("\(file): other users can read this file"))
          #expect(ending.error.contains("chmod 600"))
          #expect(!ending.error.contains("CANARY"))
        }
      }
    }
  }
}
