import Foundation
import TestSupport
import Testing

extension TheProgram {
  @Suite("The memory of a run", .serialized, .timeLimit(.minutes(10)))
  struct MemoryTests {
    private static let answer = #"return 200 '{"webhookUrl":"https://hooks.acme.example/jelou/$uri"}';"#

    /// What comes on top of a list of 2,000 rows: filters of some MiB for a longer one, and what the threads happen to
    /// have at hand. Without a bound, each of these lists takes two to ten times as much.
    private static let room = 24

    /// The ways in which rows come out.
    private static let ways = [["-o", "inventory", "--format", "csv,jsonl,html"], ["-o", "-", "--format", "jsonl"]]

    private let program: Program

    init() throws {
      program = try Program()
    }

    private func peak(
      _ list: some Sequence<String>, _ way: [String], at baseURL: String, _ options: [String] = [], status: Int32 = 0
    ) async throws -> Int {
      try program.folder.write("list.csv", list.map { $0 + "\n" }.joined())
      let (peak, ending) = try await program.peakMemory(
        ["list.csv", "--base-url", baseURL, "--rate", "0", "--database", "\(UUID()).db"] + way + options)
      #expect(ending.status == status, "\(ending.error)")
      return peak
    }

    private func distinct(_ rows: Int) -> [String] { ["project_id"] + (1...rows).map { "project-\($0)" } }

    @Test("does not grow with the rows that one answer is for", arguments: ways)
    func oneProject(way: [String]) async throws {
      try await NginxServer.serving(server: "location / { \(Self.answer) }") { server in
        let few = try await peak(distinct(2000), way, at: server.baseURL)
        let list = ["project_id"] + Array(repeating: "project-1", count: 150_000)
        let many = try await peak(list, way, at: server.baseURL)
        #expect(many <= few + Self.room)
      }
    }

    @Test("does not grow with the credentials that a list names and nobody has", arguments: ways)
    func unknownCredentials(way: [String]) async throws {
      try program.folder.write("keys.csv", "name,api_key\nacme,canary-key-4712\n")
      try await NginxServer.serving(server: "location / { \(Self.answer) }") { server in
        let few = try await peak(distinct(2000), way, at: server.baseURL)
        let list = (1...150_000).map { "project-\($0),the team of sales for region \($0) and all that belong to it" }
        let many = try await peak(
          ["project_id,credential"] + list, way, at: server.baseURL, ["--credentials", "keys.csv"], status: 2)
        #expect(many <= few + Self.room)
      }
    }

    @Test("does not grow with the projects that share one webhook of 900 KB", arguments: ways)
    func longWebhook(way: [String]) async throws {
      // A debug build takes half a second for each.
      let count = 60
      let body = #"{"webhookUrl":"https://hooks.acme.example/\#(String(repeating: "x", count: 900_000))"}"#
      let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
      let short = #"{"webhookUrl":"https://hooks.acme.example/"}"#
      let few = try await ScriptedServer.serving(
        each: [.request, .send("\(head)\(short.utf8.count)\r\n\r\n\(short)"), .again]
      ) { try await peak(distinct(count), way, at: $0.baseURL, ["--concurrency", "4"]) }
      try await ScriptedServer.serving(
        each: [.request, .send("\(head)\(body.utf8.count)\r\n\r\n\(body)"), .again]
      ) { server in
        let many = try await peak(distinct(count), way, at: server.baseURL, ["--concurrency", "4"])
        #expect(many <= few + Self.room)
      }
      guard way[1] != "-" else { return }
      // Cut, and told apart by what was cut off; and still one webhook that all have.
      let rows = try Inventory(in: program.folder).csv()
      let url = try #require(rows.first?["webhook_url"])
      #expect(url.utf8.count < 140_000 && url.contains("… (900027 bytes, SHA-256 "))
      #expect(rows.allSatisfy { $0["webhook_url"] == url && $0["findings"] == "webhook-invalid;webhook-shared" })
    }
  }
}
