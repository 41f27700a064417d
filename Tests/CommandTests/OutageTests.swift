import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheWaits {
  @Suite("Without a gateway, a run", .serialized, .timeLimit(.minutes(5)))
  struct OutageTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    private func writeList(_ count: Int) throws { try program.folder.writeList((1...count).map { "project-\($0)" }) }

    @Test("stops after a minute out of reach, with few requests; it goes on when the gateway is there again")
    func outage() async throws {
      try writeList(500)
      let port = try Loopback.freePort()
      let arguments = ["list.csv", "--base-url", "http://127.0.0.1:\(port)/jelouapi/v1", "--rate", "100"]
      let begin = ContinuousClock.now
      let ending = try await program.run(arguments, limit: .seconds(120))
      let time = ContinuousClock.now - begin
      #expect(time > .seconds(55) && time < .seconds(75), "\(time)")
      #expect(ending.status == 69)
      #expect(ending.error.contains("Continue with the same command and --resume."))
      let inventory = Inventory(in: program.folder)
      try inventory.expectBalance(lines: Array(2...501))
      let records = try inventory.csv()
      #expect(records.allSatisfy { $0["outcome"] == "skipped" && $0["error_code"] == "gateway-unreachable" })
      #expect(records.allSatisfy { $0["error_message"]?.contains("refused the connection on port") == true })
      #expect(records.reduce(0) { $0 + (Int($1["attempts"] ?? "") ?? 0) } < 100)
      #expect(try inventory.manifest()["state"] as? String == "stopped")
      let log = SandboxLog()
      let server = SandboxServer(behavior: SandboxBehavior(others: .flat), port: port, log: log)
      let resumed = try await server.serving { _ in try await program.run(arguments + ["--rate", "0", "--resume"]) }
      #expect(resumed.status == 0)
      #expect(log.entries.count == 500)
      try inventory.expectBalance(lines: Array(2...501))
    }

    @Test("waits for a gateway that is away for some seconds, and no row pays for it")
    func shortOutage() async throws {
      try writeList(300)
      let port = try Loopback.freePort()
      let log = SandboxLog()
      let server = SandboxServer(behavior: SandboxBehavior(others: .flat), port: port, log: log)
      let baseURL = "http://127.0.0.1:\(port)/jelouapi/v1"
      let running = try await server.serving { _ in
        let running = try program.start(["list.csv", "--base-url", baseURL, "--rate", "50"])
        try await wait { log.entries.count >= 50 }
        return running
      }
      try await Task.sleep(for: .seconds(12))
      let ending = try await server.serving { _ in try await running.ending }
      #expect(ending.status == 0, "\(ending.error)")
      try Inventory(in: program.folder).expectBalance(lines: Array(2...301))
    }
  }
}
