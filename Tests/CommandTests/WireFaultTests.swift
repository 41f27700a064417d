import Foundation
import GatewayTransport
import InventoryModel
import Synchronization
import TestSupport
import Testing

extension TheProgram {
  /// One project for each way in which an exchange can go wrong, all in one run.
  @Suite("A gateway that misbehaves on the wire", .timeLimit(.minutes(4)))
  struct WireFaultTests {
    /// What a project is answered with, and what has to be told of it.
    private struct Fault {
      let name: String
      let outcome: Outcome
      let code: String
      /// A part of the message.
      let says: String
      let steps: [ScriptedServer.Step]

      init(_ name: String, _ outcome: Outcome, _ code: String, says: String, _ steps: ScriptedServer.Step...) {
        self.name = name
        self.outcome = outcome
        self.code = code
        self.says = says
        self.steps = steps
      }
    }

    private static let body = #"{"webhookUrl":"https://hooks.acme.example/jelou"}"#

    private static func ok(_ body: String = body, headers: String = "") -> ScriptedServer.Step {
      .send("HTTP/1.1 200 OK\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    private static func head(_ headers: String) -> ScriptedServer.Step { .send("HTTP/1.1 200 OK\r\n\(headers)\r\n") }

    /// Ten megabytes of zeros in ten kilobytes.
    private static let bomb: [UInt8] = {
      let compressor = Process()
      compressor.executableURL = URL(filePath: "/bin/sh")
      compressor.arguments = ["-c", "head -c 10000000 /dev/zero | gzip -9"]
      let pipe = Pipe()
      compressor.standardOutput = pipe
      guard (try? compressor.run()) != nil, let data = try? pipe.fileHandleForReading.readToEnd() else { return [] }
      compressor.waitUntilExit()
      return Array(data)
    }()

    private static func faults(elsewhere: Int) -> [Fault] {
      [
        Fault("silence-before-the-head", .failed, "timeout", says: "did not respond within 1 s", .stall),
        Fault(
          "silence-in-the-body", .failed, "timeout", says: "did not finish", head("Content-Length: 50\r\n"), .send("{"),
          .stall),
        Fault(
          "one-byte-a-second", .failed, "timeout", says: "did not finish", head("Content-Length: 50\r\n"),
          .slowly(body, every: .seconds(1))),
        Fault(
          "one-byte-of-the-head-a-second", .failed, "timeout", says: "did not respond",
          .slowly("HTTP/1.1 200 OK\r\n", every: .seconds(1))),
        Fault("reset-before-the-head", .failed, "connection-reset", says: "reset the connection", .reset),
        Fault(
          "reset-in-the-body", .failed, "connection-reset", says: "during its response", head("Content-Length: 50\r\n"),
          .send("{\"webhookUrl\":"), .wait(.milliseconds(50)), .reset),
        Fault("closed-before-the-head", .failed, "connection-closed", says: "closed the connection", .close),
        Fault(
          "shorter-than-told", .failed, "connection-closed", says: "during its response",
          head("Content-Length: 5000\r\n"),
          .send(body), .close),
        Fault(
          "last-chunk-missing", .failed, "connection-closed", says: "during its response",
          head("Transfer-Encoding: chunked\r\n"), .send("31\r\n\(body)\r\n"), .close),
        Fault(
          "no-length-cut-off", .invalidResponse, "not-json", says: "not JSON", head("Connection: close\r\n"),
          .send("{\"webhookUrl\":\"https://h"), .close),
        Fault(
          "two-lengths", .failed, "protocol", says: "HTTP", head("Content-Length: 4\r\nContent-Length: 50\r\n"),
          .send(body)),
        Fault("bad-status-line", .failed, "protocol", says: "HTTP", .send("HTTP/1.1 OK 200\r\n\r\n")),
        Fault("no-http", .failed, "protocol", says: "HTTP", .send("SSH-2.0-OpenSSH_9.2\r\n")),
        Fault(
          "endless-head", .failed, "protocol", says: "HTTP", .send("HTTP/1.1 200 OK\r\nX: "),
          .endlessly(String(repeating: "x", count: 65_536))),
        Fault(
          "gigabyte-body", .invalidResponse, "body-too-large", says: "1 MiB", head("Content-Length: 1073741824\r\n"),
          .endlessly(String(repeating: "x", count: 65_536))),
        Fault(
          "endless-body", .invalidResponse, "body-too-large", says: "1 MiB", head("Connection: close\r\n"),
          .endlessly(String(repeating: "x", count: 65_536))),
        Fault(
          "compressed-bomb", .invalidResponse, "not-json", says: "compressed",
          head("Content-Encoding: gzip\r\nContent-Length: \(bomb.count)\r\n"), .bytes(bomb)),
        Fault(
          "invalid-utf8", .invalidResponse, "not-json", says: "JSON", head("Content-Length: 20\r\n"),
          .bytes(Array("{\"webhookUrl\":\"".utf8) + [0xC3, 0x28, 0xFF] + Array("\"}".utf8))),
        Fault(
          "deep-json", .invalidResponse, "not-json", says: "JSON",
          ok(String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000))),
        Fault(
          "trailing-comma", .invalidResponse, "not-json", says: "JSON", ok(#"{"webhookUrl":"https://h.example",}"#)),
        Fault(
          "field-twice", .invalidResponse, "wrong-shape", says: "twice",
          ok(#"{"webhookUrl":"https://a.example","webhookUrl":"https://b.example"}"#)),
        Fault(
          "page-with-200", .invalidResponse, "not-json", says: "text/html",
          ok("<!doctype html><title>Maintenance</title>", headers: "Content-Type: text/html\r\n")),
        Fault("empty-200", .invalidResponse, "empty-body", says: "empty", ok("")),
        Fault("204", .invalidResponse, "empty-body", says: "204", .send("HTTP/1.1 204 No Content\r\n\r\n")),
        Fault(
          "redirect-elsewhere", .invalidResponse, "redirect", says: "127.0.0.1:\(elsewhere)",
          .send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:\(elsewhere)/steal\r\nContent-Length: 0\r\n\r\n")),
        Fault(
          "redirect-to-itself", .invalidResponse, "redirect", says: "/redirect-to-itself",
          .send("HTTP/1.1 301 Moved\r\nLocation: /redirect-to-itself\r\nContent-Length: 0\r\n\r\n")),
      ]
    }

    @Test("gets every row its outcome with a telling code and sentence, and holds up no other row")
    func everything() async throws {
      let program = try Program()
      try await ScriptedServer.serving(.request, Self.ok(), .again) { elsewhere in
        let faults = Self.faults(elsewhere: elsewhere.port)
        let byName = Dictionary(uniqueKeysWithValues: faults.map { ($0.name, $0.steps) })
        // Good rows between the bad ones.
        let ids = faults.enumerated().flatMap { index, fault in
          [fault.name] + (0..<4).map { "good-\(index * 4 + $0)" }
        }
        try program.folder.writeList(ids)
        let step = ScriptedServer.Step.answer { path in
          let name = String(path.split(separator: "/").last ?? "")
          return byName[name] ?? [Self.ok()]
        }
        try await ScriptedServer.serving(each: [step, .again]) { server in
          let begin = ContinuousClock.now
          let ending = try await program.run([
            "list.csv", "--base-url", server.baseURL, "--rate", "0", "--timeout", "1", "--max-attempts", "2", "-v",
          ])
          #expect(ContinuousClock.now - begin < .seconds(30))
          #expect(ending.status == 2)
          let inventory = Inventory(in: program.folder)
          try inventory.expectBalance(lines: Array(2..<ids.count + 2))
          let records = Dictionary(uniqueKeysWithValues: try inventory.csv().map { ($0["project_id"] ?? "", $0) })
          for fault in faults {
            let record = try #require(records[fault.name])
            #expect(record["outcome"] == fault.outcome.rawValue, "\(fault.name)")
            #expect(record["error_code"] == fault.code, "\(fault.name): \(record["error_message"] ?? "")")
            #expect(
              record["error_message"]?.contains(fault.says) == true, "\(fault.name): \(record["error_message"] ?? "")")
            // What can't change is not asked for again.
            #expect(record["attempts"] == (fault.outcome == .failed ? "2" : "1"), "\(fault.name)")
          }
          for record in records.values where record["project_id"]?.hasPrefix("good") == true {
            #expect(record["outcome"] == "found" && record["webhook_host"] == "hooks.acme.example")
          }
          #expect(!ending.error.contains("canary"))
        }
        #expect(elsewhere.record.connections == 0, "the redirect was followed")
      }
    }

    @Test("answers every row although a tenth is cut off and a tenth is 503: attempts are told")
    func flapping() async throws {
      let program = try Program()
      try program.folder.writeList((1...400).map { "project-\($0)" })
      let weather = Weather()
      let step = ScriptedServer.Step.answer { _ in
        switch weather.next() % 10 {
        case 0: [.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")]
        case 1: [.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"), .reset]
        default: [Self.ok()]
        }
      }
      try await ScriptedServer.serving(each: [step, .again]) { server in
        let ending = try await program.run(["list.csv", "--base-url", server.baseURL, "--rate", "100"])
        #expect(ending.status == 0, "\(ending.error)")
        let inventory = Inventory(in: program.folder)
        try inventory.expectBalance(lines: Array(2...401))
        let attempts = try inventory.csv().compactMap { Int($0["attempts"] ?? "") }
        #expect(attempts.reduce(0, +) == server.record.requests.count)
        #expect(try #require(attempts.max()) >= 2)
      }
    }

    @Test(
      "loses no row to connections that are closed between two requests, a thousand times", arguments: [false, true])
    func closeRace(resets: Bool) async throws {
      let program = try Program()
      try program.folder.writeList((1...1000).map { "project-\($0)" })
      let steps: [ScriptedServer.Step] = [.request, Self.ok()] + (resets ? [.wait(.zero), .reset] : [])
      try await ScriptedServer.serving(each: steps) { server in
        let ending = try await program.run([
          "list.csv", "--base-url", server.baseURL, "--rate", "0", "--max-attempts", "1",
        ])
        #expect(ending.status == 0, "\(ending.error)")
        #expect(
          try Inventory(in: program.folder).csv().allSatisfy { $0["outcome"] == "found" && $0["attempts"] == "1" })
      }
    }

    @Test("tells certificates apart, asks no second time, and sends no key where it does not trust")
    func certificates() async throws {
      let certificates = try Certificates([.good, .expired, .selfSigned, .wrongHost])
      for (kind, says, trusts) in [
        (Certificates.Kind.expired, "expired", true), (.selfSigned, "self-signed", true),
        (.wrongHost, "a host other than", true), (.good, "authority", false),
      ] {
        let program = try Program()
        try program.folder.writeList(["project-1", "project-2"])
        try await NginxServer.serving(kind, of: certificates) { server in
          let ending = try await program.run(
            ["list.csv", "--base-url", server.baseURL] + (trusts ? ["--ca-file", certificates.authority] : []))
          #expect(ending.status == 69)
          let records = try Inventory(in: program.folder).csv()
          for record in records {
            #expect(record["outcome"] == "failed" && record["error_code"] == "tls" && record["attempts"] == "1")
            #expect(record["error_message"]?.contains(says) == true, "\(kind): \(record["error_message"] ?? "")")
          }
          #expect(try server.accesses().isEmpty)
        }
      }
    }

    @Test("answers every row of a gateway that also speaks HTTP/2, and ends its connections every third request")
    func goingAway() async throws {
      let certificates = try Certificates([.good])
      let program = try Program()
      try program.folder.writeList((1...200).map { "project-\($0)" })
      try await NginxServer.serving(.good, of: certificates, directives: "keepalive_requests 3;") { server in
        let ending = try await program.run([
          "list.csv", "--base-url", server.baseURL, "--ca-file", certificates.authority, "--rate", "0",
        ])
        #expect(ending.status == 0, "\(ending.error)")
        let records = try Inventory(in: program.folder).csv()
        #expect(records.count == 200)
        #expect(records.allSatisfy { $0["outcome"] == "found" && $0["attempts"] == "1" })
      }
    }

    @Test("tells an unknown host from a refused connection; 69")
    func unreachable() async throws {
      for (base, code) in [("https://gateway.invalid/v1", "dns"), ("http://127.0.0.1:1/v1", "connection-refused")] {
        let program = try Program()
        try program.folder.writeList(["project-1"])
        let ending = try await program.run(["list.csv", "--base-url", base, "--rate", "0", "--max-attempts", "2"])
        #expect(ending.status == 69)
        #expect(try Inventory(in: program.folder).csv().map { $0["error_code"] } == [code])
      }
    }
  }
}

/// Numbers in an order that looks like chance, and is the same each time.
private final class Weather: Sendable {
  private let generator = Mutex(SplitMix(state: 7))

  func next() -> UInt64 { generator.withLock { $0.next() } }
}
