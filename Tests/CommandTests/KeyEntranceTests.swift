import Foundation
import SandboxGateway
import Testing

extension TheReports {
  /// Puts one key into every text that enters the program, one at a time, and searches all that it leaves behind.
  @Suite("A key in the wrong place", .timeLimit(.minutes(5)))
  struct KeyEntranceTests {
    /// The run's own key.
    static let key = "sk-live-7f3a9c2b/11d0+4e5f"
    /// Of a credential in the file.
    static let other = "zk_8Qw3Rt7Yp2Lm5Nx9"
    /// One that the program knows nothing of.
    static let stranger = "jk-9b1c7d3e5f-a8042c6d"

    /// One way in for a text.
    struct Entrance: Sendable, CustomTestStringConvertible {
      let name: String
      var files: [String: String] = [:]
      var environment: [String: String] = [:]
      var arguments: [String]
      /// nil for any that is about what was given.
      let status: Int32?
      /// Whether reports are written.
      var writes = false

      var testDescription: String { name }
    }

    private static let list = "project_id,credential,note\nalpha,,1\nbeta,other,2\n"
    private static let credentials = "name,api_key\nother,\(other)\n"
    private static let usual = ["in/list.csv", "--credentials", "in/keys.csv"]

    private static func run(
      _ name: String, list: String? = nil, keys: String? = nil, environment: [String: String] = [:],
      files: [String: String] = [:], _ arguments: [String] = [], status: Int32?, writes: Bool = false
    ) -> Entrance {
      let own = ["list.csv": list ?? Self.list, "keys.csv": keys ?? credentials]
      return Entrance(
        name: name, files: own.merging(files) { $1 }, environment: environment, arguments: usual + arguments,
        status: status, writes: writes)
    }

    /// What can't be masked, since it would then be something else.
    static let refused: [Entrance] =
      [key, other].flatMap { key in
        let encoded = key.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? key
        return [
          run("the list's credential", list: "project_id,credential\nalpha,\nbeta,\(key)\n", status: 65),
          run("part of the list's credential", list: "project_id,credential\nbeta,team \(key)\n", status: 65),
          run("a project ID", list: "project_id\nalpha\n\(key)\n", status: 65),
          run("part of an ID, percent-encoded", list: "project_id\nx\(encoded)x\n", status: 65),
          run("the name of another credential", keys: credentials + "team \(key),another-key-12345\n", status: 65),
          run("--output", ["-o", "out-\(key)"], status: 65),
          run("--database", ["--database", "\(key).db"], status: 65),
          run("--base-url", ["--base-url", "https://gateway.example/\(key)"], status: 65),
          run("--templates", ["--templates", key], status: nil),
          run("--id-column", ["--id-column", key], status: 65),
          run("--rate", ["--rate", key], status: 64),
          run("an argument too many", [key], status: 64),
          run("an unknown option", ["--\(key)"], status: 64),
          run("a variable", environment: ["JELOU_INVENTORY_OUTPUT": "out-\(key)"], status: 65),
          run("a proxy's host", environment: ["HTTPS_PROXY": "http://\(key):3128"], status: 65),
          run("what is excluded from it", environment: ["no_proxy": "u@\(key)"], status: 65),
          run("the configuration", files: ["c.yaml": "output: out-\(key)\n"], ["--config", "in/c.yaml"], status: 65),
          run(
            "the configuration's templates", files: ["c.yaml": "templates: \(key)\n"], ["--config", "in/c.yaml"],
            status: nil),
        ]
      } + [
        Entrance(
          name: "the list's path", files: ["keys.csv": credentials],
          arguments: ["in/\(other)", "--credentials", "in/keys.csv"],
          status: 65),
        run("--api-key-file", ["--api-key-file", key], status: 65), run("--ca-file", ["--ca-file", key], status: 65),
      ]

    /// What passes through.
    static let masked: [Entrance] = [
      run(
        "names and cells of the list's columns",
        list:
          "project_id,credential,is \(key),is \(other),expected_webhook\nalpha,,a \(key),b,https://h.example/\(key)\n"
          + "beta,other,c,d \(other),\n", status: 0, writes: true),
      run(
        "a credential that is unknown", list: "project_id,credential\nalpha,\nbeta,\(stranger)\n", status: 2,
        writes: true
      ),
    ]

    /// What only a message could repeat.
    static let told: [Entrance] = [
      Entrance(name: "the list", files: [:], arguments: [stranger], status: nil),
      run("--api-key-file", ["--api-key-file", stranger], status: 66),
      run("--credentials", ["--credentials", stranger], status: 66),
      run("--ca-file", ["--ca-file", stranger], status: 66), run("--config", ["--config", stranger], status: 66),
      run("--templates", ["--templates", stranger], status: 66),
      run("--id-column", ["--id-column", stranger], status: 65),
      run("--rate", ["--rate", stranger], status: 64), run("--rate=", ["--rate=\(stranger)"], status: 64),
      run("an unknown option", ["--\(stranger)"], status: 64), run("an argument too many", [stranger], status: 64),
      run("--language", ["--language", stranger], status: 64),
      run("a variable", environment: ["JELOU_INVENTORY_RATE": stranger], status: 65),
      run("a variable for a file", environment: ["JELOU_INVENTORY_API_KEY_FILE": stranger], status: 66),
      run("a configuration's value", files: ["c.yaml": "rate: \(stranger)\n"], ["--config", "in/c.yaml"], status: 65),
      run(
        "a configuration's file", files: ["c.yaml": "ca-file: \(stranger)\n"], ["--config", "in/c.yaml"], status: 66),
      run("a configuration's name", files: ["c.yaml": "\(stranger): 1\n"], ["--config", "in/c.yaml"], status: 65),
      run("a configuration of a key alone", files: ["c.yaml": stranger], ["--config", "in/c.yaml"], status: 65),
      run("a line of the credentials file", keys: credentials + stranger + "\n", status: 65),
      run("a credentials file of a key alone", keys: stranger + "\n", status: 65),
      run(
        "the same key twice", keys: "name,api_key\n\(stranger),its-key-12345\n\(stranger),another-2\n", status: 65),
      run("columns in the wrong order", keys: "name,api_key\n\(stranger),pampa\n", status: 65),
      run("env:", keys: "name,api_key\nother,env:\(stranger)\n", status: 65),
      run("file:", keys: "name,api_key\nother,file:\(stranger)\n", status: 66),
      run("a list without a header", list: "alpha,\(stranger)\nbeta,x\n", status: 65),
      Entrance(name: "merge", arguments: ["merge", stranger], status: 66),
      Entrance(name: "an unknown question", arguments: ["query", stranger], status: 64),
      Entrance(name: "report --output", arguments: ["report", "--format", stranger], status: 64),
      run("--print-config", ["--api-key-file", stranger, "--print-config"], status: 0),
    ]

    private func expectNothing(of opener: Entrance) async throws {
      var program = try Program()
      program.environment = ["JELOU_API_KEY": Self.key].merging(opener.environment) { $1 }
      try FileManager.default.createDirectory(atPath: program.folder.path + "/in", withIntermediateDirectories: false)
      for (name, text) in opener.files { try program.folder.write("in/" + name, text) }
      if !opener.arguments.isEmpty, opener.arguments[0] == "in/\(Self.other)" {
        try program.folder.write(opener.arguments[0], Self.list)
      }
      let log = SandboxLog()
      let answer = #"{"webhookUrl":"https://h.example/x","\#(Self.key) a":1,"\#(Self.other) a":2}"#
      let script = ["alpha", "beta"].map { ($0, [SandboxReply.custom(status: 200, body: answer)]) }
      let server = SandboxServer(
        behavior: SandboxBehavior(script: Dictionary(uniqueKeysWithValues: script)), log: log)
      let ending = try await server.serving { [program] baseURL in
        let isRun = opener.arguments.first?.hasPrefix("in/") == true
        let ownURL = isRun && !opener.arguments.contains("--base-url") ? ["--base-url", baseURL] : []
        let formats = isRun ? ["--format", "csv,jsonl,html,xlsx", "-v"] : []
        return try await program.run(opener.arguments + ownURL + formats)
      }
      let expected: [Int32] = opener.status.map { [$0] } ?? [64, 65, 66]
      #expect(expected.contains(ending.status), "\(ending.error)")
      try KeySearch(keys: [Self.key, Self.other, Self.stranger]).expectNothing(in: ending, program.folder)
      #expect(log.entries.isEmpty != opener.writes)
      if !opener.writes {
        #expect(try program.folder.content() == ["in"])
      } else {
        let inventory = Inventory(in: program.folder)
        #expect(try inventory.csv().map { $0["project_id"] } == ["alpha", "beta"])
        let found = try inventory.jsonLines().filter { $0["outcome"] as? String == "found" }
        for object in found {
          let integration = try #require(object["integration"] as? [String: Any])
          #expect(integration["extra"] as? [String: Int] == ["*** a": 1, "*** a_2": 2])
        }
      }
    }

    @Test("that would be written there ends the run before anything is sent or written", arguments: refused)
    func refusal(opener: Entrance) async throws { try await expectNothing(of: opener) }

    @Test("that only passes through is masked, and no column or field is lost", arguments: masked)
    func masking(opener: Entrance) async throws { try await expectNothing(of: opener) }

    @Test("that the program does not know is not repeated by a message", arguments: told)
    func message(opener: Entrance) async throws { try await expectNothing(of: opener) }

    @Test("keeps both of two columns whose names differ in nothing but a key")
    func columns() async throws {
      var program = try Program()
      program.environment = ["JELOU_API_KEY": Self.key]
      try program.folder.write("keys.csv", Self.credentials)
      try program.folder.write("list.csv", "project_id,is \(Self.key),is \(Self.other)\nalpha,1,2\n")
      _ = try await program.run(["list.csv", "--sandbox", "--credentials", "keys.csv"])
      let inventory = Inventory(in: program.folder)
      #expect(try inventory.jsonLines()[0]["input"] as? [String: String] == ["is ***": "1", "is ***_2": "2"])
      #expect(try inventory.header().contains("is ***_2"))
    }

    @Test("of a proxy is masked too, and one that is not used")
    func unused() async throws {
      let password = "px-44aa55bb66cc"
      var program = try Program()
      program.environment = ["JELOU_API_KEY": Self.key, "HTTPS_PROXY": "http://user:\(password)@127.0.0.1:9"]
      try program.folder.write("list.csv", "project_id,note\nalpha,\(Self.key) and \(password)\n")
      let ending = try await program.run(["list.csv", "--sandbox"])
      try KeySearch(keys: [Self.key, password]).expectNothing(in: ending, program.folder, inputs: ["list.csv"])
      #expect(try Inventory(in: program.folder).csv()[0]["note"] == "*** and ***")
    }
  }
}
