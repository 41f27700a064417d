import Foundation
import InventoryModel
import Synchronization
import TestSupport
import Testing
import TextFormats

extension TheReports {
  /// Names that differ in their bytes and are equal to Swift's `==`.
  @Suite("Two names of the same look", .timeLimit(.minutes(3)))
  struct ByteTests {
    private static let composed = "caf\u{E9}"
    private static let decomposed = "cafe\u{301}"

    private let program: Program

    init() throws {
      program = try Program()
      try program.folder.write("keys.csv", "name,api_key\n\(Self.composed),the-composed-key\n")
    }

    /// Answers every project with its path and the key that it was asked with, and with two fields of the same look.
    private func serving(_ body: (ScriptedServer) async throws -> Void) async throws {
      let answer = ScriptedServer.Step.answerHead { head in
        let path = head.split(separator: " ")[1].split(separator: "/").last ?? ""
        let key = head.split(separator: "\r\n").first { $0.hasPrefix("x-api-key: ") }?.dropFirst(11) ?? ""
        let fields = #""\#(Self.composed)":1,"\#(Self.decomposed)":2"#
        let body = #"{"webhookUrl":"https://h.example/\#(path)","authType":"\#(key)",\#(fields)}"#
        return [.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")]
      }
      try await ScriptedServer.serving(each: [answer, .again]) { try await body($0) }
    }

    private func exact(_ texts: [String?]) -> [ExactText?] { texts.map { $0.map(ExactText.init(_:)) } }

    @Test("are two IDs, two columns and two fields, in every format")
    func kept() async throws {
      try program.folder.write(
        "list.csv",
        "project_id,\(Self.composed),\(Self.decomposed)\n"
          + "\(Self.composed),1,2\n\(Self.decomposed),3,4\n\(Self.composed),5,6\n")
      try await serving { server in
        let ending = try await program.run([
          "list.csv", "--base-url", server.baseURL, "--format", "csv,jsonl,html,xlsx", "--rate", "0",
        ])
        #expect(ending.status == 0, "\(ending.error)")
        // The second row of the same bytes shares the first one's request.
        #expect(server.record.requests.count == 2)
      }
      let inventory = Inventory(in: program.folder)
      let ids = [Self.composed, Self.decomposed, Self.composed]
      let paths = ["caf%C3%A9", "cafe%CC%81", "caf%C3%A9"]
      let names = try inventory.header().filter { $0 == Self.composed }
      #expect(exact(names) == exact([Self.composed, Self.decomposed]))
      let text = try program.folder.text("inventory/inventory.csv").split(separator: "\n").dropFirst()
      for (line, (id, path)) in zip(text, zip(ids, paths)) {
        #expect(Data(line.utf8).firstRange(of: Data(",\(id),".utf8)) != nil)
        #expect(line.contains("https://h.example/\(path),"))
      }
      let extra = #""extra":{"\#(Self.decomposed)":2,"\#(Self.composed)":1}"#
      let input = #""input":{"\#(Self.composed)":"3","\#(Self.decomposed)":"4"}"#
      let lines = try program.folder.text("inventory/inventory.jsonl").split(separator: "\n").map { Data($0.utf8) }
      #expect(lines.allSatisfy { $0.firstRange(of: Data(extra.utf8)) != nil })
      #expect(lines[1].firstRange(of: Data(input.utf8)) != nil)
      let page = try program.folder.data("inventory/inventory.html")
      for name in [Self.composed, Self.decomposed] { #expect(page.firstRange(of: Data(name.utf8)) != nil) }
      let sheet = try #require(try ReadWorkbook(path: program.folder.path + "/inventory/inventory.xlsx")["Inventory"])
      #expect(exact(sheet.texts[0].filter { $0 == Self.composed }) == exact([Self.composed, Self.decomposed]))
      #expect(exact(sheet.texts.dropFirst().map { $0[1] }) == exact(ids))
      #expect(
        try inventory.query(
          """
          SELECT hex(project_id), input ->> '\(Self.composed)', input ->> '\(Self.decomposed)' FROM results ORDER BY line
          """
        )
          == ["636166C3A9|1|2", "63616665CC81|3|4", "636166C3A9|5|6"])
      #expect(try inventory.query("SELECT count(*) FROM findings WHERE rule = 'duplicate-row'") == ["1"])
    }

    @Test("are one credential and one that does not exist, in a run and after it was interrupted")
    func unknownCredential() async throws {
      let rows = (1...20).map { "p\($0),\($0 % 2 == 0 ? Self.composed : Self.decomposed)\n" }
      try program.folder.write("list.csv", "project_id,credential\n" + rows.joined())
      let options = ["--credentials", "keys.csv", "--rate-scope", "credential", "--rate", "10/s"]
      try await serving { server in
        let ending = try await program.run(["list.csv", "--base-url", server.baseURL] + options)
        #expect(ending.status == 2)
        #expect(server.record.requests.count == 10)
        let codes = try Inventory(in: program.folder).csv().map { $0["error_code"] ?? "" }
        #expect(codes == (1...20).map { $0 % 2 == 0 ? "" : "credential-unknown" })
        let retried = try await program.run(["list.csv", "--base-url", server.baseURL, "--retry-failed"] + options)
        #expect(retried.status == 2)
        #expect(server.record.requests.count == 10)
        #expect(try Inventory(in: program.folder).csv().map { $0["error_code"] ?? "" } == codes)
      }
    }

    @Test("are two credentials, each with its own key and its own rate")
    func twoCredentials() async throws {
      try program.folder.write(
        "keys.csv", "name,api_key\n\(Self.composed),the-composed-key\n\(Self.decomposed),the-other-key\n")
      try program.folder.write(
        "list.csv", "project_id,credential\np1,\(Self.composed)\np2,\(Self.decomposed)\np3,\(Self.composed)\n")
      let keys = Mutex<[String]>([])
      try await serving { server in
        let ending = try await program.run([
          "list.csv", "--base-url", server.baseURL, "--credentials", "keys.csv", "--rate-scope", "credential",
        ])
        #expect(ending.status == 0, "\(ending.error)")
        keys.withLock { keys in
          keys = server.record.requests.map { head in
            String(head.split(separator: "\r\n").first { $0.hasPrefix("x-api-key: ") }?.dropFirst(11) ?? "")
          }
        }
      }
      #expect(keys.withLock { $0.sorted() } == ["the-composed-key", "the-composed-key", "the-other-key"])
      let credentials = try Inventory(in: program.folder).csv().map { $0["credential"] }
      #expect(exact(credentials) == exact([Self.composed, Self.decomposed, Self.composed]))
    }

    @Test("are two folders")
    func folders() async throws {
      try program.folder.writeList(["p1"])
      for folder in [Self.composed, Self.decomposed] {
        #expect(try await program.run(["list.csv", "--sandbox", "-o", folder]).status == 0)
      }
      // The database of one beside the reports of the other.
      let ending = try await program.run([
        "list.csv", "--sandbox", "-o", Self.composed, "--database", "\(Self.decomposed)/inventory.csv.db",
      ])
      #expect(ending.status == 0, "\(ending.error)")
      let content = exact(try program.folder.content())
      #expect(content.contains(ExactText(Self.composed)) && content.contains(ExactText(Self.decomposed)))
    }

    @Test("are two parameters of a question")
    func parameters() async throws {
      try program.folder.writeList(["p1"])
      _ = try await program.run(["list.csv", "--sandbox"])
      let ending = try await program.run([
        "query", "SELECT :\(Self.composed) AS a, :\(Self.decomposed) AS b", "-p", Self.composed, "1", "-p",
        Self.decomposed, "2", "--format", "csv",
      ])
      #expect(ending.output == "a,b\r\n1,2\r\n", "\(ending.error)")
    }

    @Test("An answer that gives a field twice is refused still, also behind many others")
    func twice() async throws {
      try program.folder.writeList(["p1"])
      let many = (1...20).map { #""f\#($0)":1,"# }.joined()
      for fields in ["", many] {
        let body = #"{"webhookUrl":"https://h.example",\#(fields)"\#(Self.composed)":1,"\#(Self.composed)":2}"#
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        try await ScriptedServer.serving(each: [.request, .send(head + body), .again]) { server in
          _ = try await program.run(["list.csv", "--base-url", server.baseURL])
        }
        #expect(try Inventory(in: program.folder).csv()[0]["error_code"] == "wrong-shape")
      }
    }
  }

  @Suite("A path that is not UTF-8", .timeLimit(.minutes(1)))
  struct NotUTF8Tests {
    /// Runs the program with a shell's words behind its own arguments, or variables before it.
    private func run(_ arguments: [String], variables: String = "", words: String = "") async throws -> (
      ending: Program.Ending, content: [String]
    ) {
      var program = try Program()
      try program.folder.writeList(["p1"])
      program.wrapper = ["/bin/sh", "-c", "\(variables) exec \"$@\" \(words)", "sh"]
      return (try await program.run(arguments), try program.folder.content())
    }

    private static let name = #""$(printf 'informe_a\361o')""#

    @Test(
      "is refused, since its reports would be in another folder",
      arguments: ["-o ", "--database ", "", "--config "])
    func argument(option: String) async throws {
      let (ending, content) = try await run(["run", "list.csv", "--sandbox"], words: option + Self.name)
      #expect(ending.status == 64)
      #expect(ending.error.contains("is not UTF-8"))
      #expect(content == ["list.csv"])
    }

    @Test(
      "is refused in a variable, too", arguments: ["JELOU_INVENTORY_OUTPUT", "JELOU_INVENTORY_CONFIG", "JELOU_API_KEY"])
    func variable(name: String) async throws {
      let (ending, content) = try await run(["list.csv", "--sandbox"], variables: "\(name)=\(Self.name)")
      #expect(ending.status == 65)
      #expect(ending.error.contains("\(name) is not UTF-8"))
      #expect(content == ["list.csv"])
    }
  }
}
