import Foundation
import InventoryModel
import TestSupport
import Testing

extension TheDatabase {
  /// Faults of this machine at its sockets, made by `strace`.
  @Suite("A socket that this machine can't use", .timeLimit(.minutes(2)))
  struct LocalErrorTests {
    private static let answer: [ScriptedServer.Step] = [
      .request,
      .send("HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n{\"webhookUrl\":\"https://hooks.example/jelou\"}"), .again,
    ]

    private func run(
      _ tampering: String, timeout: String = "20s"
    ) async throws -> (ending: Program.Ending, record: [String: String]) {
      var program = try Program()
      try program.folder.writeList(["project-1"])
      // It counts the calls of each thread by themselves, so there is one that connects.
      program.wrapper = ["/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=" + tampering]
      return try await ScriptedServer.serving(each: Self.answer) { server in
        let ending = try await program.run([
          "list.csv", "--base-url", server.baseURL, "--max-attempts", "2", "--concurrency", "1", "--timeout", timeout,
        ])
        return (ending, try #require(try Inventory(in: program.folder).csv().first))
      }
    }

    @Test(
      "is named as local, with the system's words and what to do, and not as the gateway's",
      arguments: [
        ("socket:error=EMFILE", "too many open files; raise the limit (ulimit -n) or lower --concurrency"),
        ("socket:error=ENFILE", "too many open files in system"), ("socket:error=ENOBUFS", "no buffer space available"),
        ("connect:error=EACCES", "permission denied; check the firewall"),
        ("connect:error=EPERM", "operation not permitted; check the firewall"),
        ("connect:error=EADDRNOTAVAIL", "cannot assign requested address; lower --concurrency"),
        ("setsockopt:error=EACCES", "permission denied"),
      ])
    func named(tampering: String, says: String) async throws {
      let (ending, record) = try await run(tampering, timeout: "1s")
      #expect(ending.status == 69, "\(ending.error)")
      #expect(record["outcome"] == "failed")
      #expect(record["error_code"] == "local-error", "\(record)")
      #expect(
        record["error_message"]?.hasPrefix("This machine could not connect to 127.0.0.1: \(says)") == true, "\(record)")
      #expect(record["attempts"] == "2")
    }

    @Test(
      "is not seen in faults of the network or of the gateway",
      arguments: [
        ("connect:error=ECONNREFUSED", "connection-refused"), ("connect:error=EHOSTUNREACH", "connection-refused"),
        ("connect:error=ENETUNREACH", "connection-refused"), ("connect:error=ETIMEDOUT", "timeout"),
        ("connect:error=ECONNRESET", "connection-reset"),
      ])
    func network(tampering: String, code: String) async throws {
      let (_, record) = try await run(tampering)
      #expect(record["error_code"] == code, "\(record)")
    }

    @Test(
      "that works again costs the row nothing, not even an attempt",
      arguments: [
        "connect:error=EADDRNOTAVAIL:when=1", "socket:error=ENFILE:when=1..3", "socket:error=ENOBUFS:when=1..2",
        "connect:error=ENOMEM:when=1",
      ])
    func passing(tampering: String) async throws {
      let (ending, record) = try await run(tampering)
      #expect(ending.status == 0, "\(ending.error)")
      #expect(record["outcome"] == "found" && record["attempts"] == "1", "\(record)")
    }

    @Test("has the other requests wait for the connections that there are")
    func fewConnections() async throws {
      var program = try Program()
      try program.folder.writeList((1...60).map { "project-\($0)" })
      // In each thread: the first connection can be made, and no other.
      program.wrapper = [
        "/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=socket", "-e",
        "inject=socket:error=EMFILE:when=2+",
      ]
      try await ScriptedServer.serving(each: [Self.answer[0], .wait(.milliseconds(20))] + Self.answer.dropFirst()) {
        [program] server in
        let ending = try await program.run([
          "list.csv", "--base-url", server.baseURL, "--rate", "0", "--concurrency", "20", "--max-attempts", "1",
          "--timeout", "2s",
        ])
        #expect(ending.status == 0, "\(ending.error)")
        let records = try Inventory(in: program.folder).csv()
        #expect(records.allSatisfy { $0["outcome"] == "found" && $0["attempts"] == "1" })
        #expect(server.record.connections <= 4)
      }
    }

    @Test("is not taken for a name that does not exist")
    func lookup() async throws {
      var program = try Program()
      try program.folder.writeList(["project-1"])
      program.wrapper = [
        "/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-P", "/dev/null", "-e", "inject=openat:error=ENFILE",
      ]
      let ending = try await program.run([
        "list.csv", "--base-url", "https://gateway.invalid/v1", "--max-attempts", "1", "--timeout", "1s",
      ])
      #expect(ending.status == 69, "\(ending.error)")
      #expect(try Inventory(in: program.folder).csv().first?["error_code"] == "local-error")
    }
  }
}
