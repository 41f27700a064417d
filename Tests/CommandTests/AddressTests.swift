import Foundation
import TestSupport
import Testing

extension TheDatabase {
  /// Addresses are read alike by the program that is installed and by the one that the parts are tested of.
  @Suite("Addresses", .timeLimit(.minutes(2)))
  struct AddressTests {
    private var program: Program

    init() throws {
      program = try Program()
      try program.folder.writeList(["project-1"])
    }

    @Test(
      "a proxy is asked for a tunnel to the gateway by the ASCII form of its name",
      arguments: [
        ("https://bücher.example/v1", "xn--bcher-kva.example:443"),
        ("https://BU\u{308}CHER.example:8443", "xn--bcher-kva.example:8443"),
        ("https://gateway.example", "gateway.example:443"),
      ])
    func proxy(baseURL: String, target: String) async throws {
      var program = program
      try await ScriptedServer.serving(.request, .send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")) {
        server in
        for address in [
          "http://127.0.0.1:\(server.port)", "127.0.0.1:\(server.port)", "http://localhost:\(server.port)/",
        ] {
          program.environment["HTTPS_PROXY"] = address
          let ending = try await program.run(
            ["list.csv", "--base-url", baseURL, "--max-attempts", "1", "-o", "out-\(UUID().uuidString)"])
          #expect(ending.status == 69, "\(ending.error)")
        }
        #expect(server.record.requests.count == 3)
        #expect(server.record.requests.allSatisfy { $0.hasPrefix("CONNECT \(target) HTTP/1.1\r\n") })
        #expect(server.record.requests.allSatisfy { $0.lowercased().contains("\r\nhost: \(target)\r\n") })
      }
    }

    @Test("NO_PROXY may name a host in its own script, and an address without brackets")
    func noProxy() async throws {
      var program = program
      // Nothing listens there.
      program.environment["HTTPS_PROXY"] = "http://127.0.0.1:\(try Loopback.freePort())"
      for (host, excluded) in [
        ("bücher.invalid", "BÜCHER.invalid"), ("a.bücher.invalid", "xn--bcher-kva.invalid"),
        ("a.xn--bcher-kva.invalid", ".bücher.invalid"),
      ] {
        program.environment["NO_PROXY"] = excluded
        let ending = try await program.run([
          "list.csv", "--base-url", "https://\(host)", "--max-attempts", "1", "-o", host,
        ])
        #expect(ending.status == 69)
        let record = try #require(try Inventory(in: program.folder, host).csv().first)
        #expect(record["error_code"] == "dns", "\(record)")
      }
    }

    @Test("a webhook's host in another script is found, allowed by either form, and no false finding")
    func webhooks() async throws {
      let body = #"{"webhookUrl":"https://bücher.example/x","authType":"bearer","updatedAt":"2026-01-01T00:00:00Z"}"#
      let answer: [ScriptedServer.Step] = [
        .request, .send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"), .again,
      ]
      try await ScriptedServer.serving(each: answer) { server in
        for (pattern, rules) in [
          ("bücher.example", ""), ("*.example", ""), ("XN--BCHER-KVA.example", ""),
          ("bucher.example", "host-not-allowed"),
        ] {
          let ending = try await program.run([
            "list.csv", "--base-url", server.baseURL, "--allow-host", pattern, "--stale-after", "36500",
          ])
          #expect(ending.status == 0, "\(ending.error)")
          let record = try #require(try Inventory(in: program.folder).csv().first)
          #expect(record["webhook_host"] == "xn--bcher-kva.example")
          #expect(record["findings"] == rules, "\(pattern)")
        }
      }
    }

    @Test(
      "a base URL whose host is in another script can be used",
      arguments: ["https://bücher.example/x", "https://例え.テスト"])
    func baseURL(text: String) async throws {
      let ending = try await program.run(["plan", "list.csv", "--base-url", text])
      #expect(ending.status == 0, "\(ending.error)")
    }
  }
}
