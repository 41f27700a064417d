import InventoryModel
import TestSupport
import Testing

@testable import Gateway

extension OverTheWire {
  @Suite("On a broken wire")
  struct WireFailureTests {
    struct Fault: CustomTestStringConvertible, Sendable {
      var testDescription: String
      var steps: [ScriptedServer.Step]
      var code: ErrorCode
      var retry: Reply.Retry

      init(_ name: String, _ code: ErrorCode, _ retry: Reply.Retry, _ steps: ScriptedServer.Step...) {
        testDescription = name
        self.steps = steps
        self.code = code
        self.retry = retry
      }
    }

    private static let cutHead = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
    private static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    private static let chunk = "\(String(Wire.configuration.utf8.count, radix: 16))\r\n\(Wire.configuration)\r\n"
    private static let twoLengths =
      "HTTP/1.1 200 OK\r\nContent-Length: \(Wire.configuration.utf8.count)\r\nContent-Length: 3\r\n\r\n"

    static let faults = [
      Fault("a reset before the head", .connectionReset, .onFreshConnection, .request, .reset),
      Fault(
        "a reset in the body", .connectionReset, .backoff, .request, .send(cutHead + Wire.configuration),
        .wait(.milliseconds(50)), .reset),
      Fault("closed without a byte", .connectionClosed, .onFreshConnection, .request),
      Fault("closed in the head", .connectionClosed, .onFreshConnection, .request, .send("HTTP/1.1 200 OK\r\nConte")),
      Fault("closed before the announced length", .connectionClosed, .backoff, .request, .send(cutHead + "{")),
      Fault("closed before the last chunk", .connectionClosed, .backoff, .request, .send(chunked + chunk)),
      Fault("closed within a chunk", .connectionClosed, .backoff, .request, .send(chunked + "ff\r\n{")),
      Fault("a chunk without a size", .protocolError, .backoff, .request, .send(chunked + "zz\r\n{}\r\n")),
      Fault("a status that is no number", .protocolError, .backoff, .request, .send("HTTP/1.1 abc OK\r\n\r\n")),
      Fault("another protocol", .protocolError, .backoff, .request, .send("SSH-2.0-OpenSSH_9.2\r\n"), .stall),
      Fault("two lengths", .protocolError, .backoff, .request, .send(twoLengths + Wire.configuration), .stall),
      Fault(
        "a head of 5 MB", .protocolError, .backoff, .request,
        .send("HTTP/1.1 200 OK\r\nX-Long: " + String(repeating: "x", count: 5_000_000) + "\r\n\r\n"), .stall),
    ]

    @Test("no cut or garbled answer is ever taken for an integration", arguments: faults)
    func fault(_ fault: Fault) async throws {
      try await ScriptedServer.serving(each: fault.steps) { server in
        try await withGateway(at: server.baseURL) { gateway in
          let reply = await gateway.ask()
          #expect(reply.answer.outcome == .failed)
          #expect(reply.answer.httpStatus == nil)
          try expectFailure(reply, fault.code, retry: fault.retry)
        }
      }
    }

    @Test("an answer without a length that is closed inside its JSON is no configuration")
    func closedInsideJSON() async throws {
      try await ScriptedServer.serving(.request, .send(#"HTTP/1.1 200 OK\#r\#n\#r\#n{"webhookUrl":"https://a."#)) {
        server in
        try await withGateway(at: server.baseURL) { gateway in
          let reply = await gateway.ask()
          #expect(reply.answer.outcome == .invalidResponse)
          #expect(reply.answer.error?.code == .notJSON)
        }
      }
    }

    @Test("an answer without a length that is closed after its JSON is whole")
    func closedAfterJSON() async throws {
      try await ScriptedServer.serving(.request, .send("HTTP/1.1 200 OK\r\n\r\n" + Wire.configuration)) { server in
        try await withGateway(at: server.baseURL) { gateway in
          #expect(await gateway.ask().answer.integration?.webhookURL == Wire.webhook)
        }
      }
    }

    @Test("a port that nobody listens on is named")
    func refused() async throws {
      let port = try Loopback.freePort()
      try await withGateway(at: "http://127.0.0.1:\(port)") { gateway in
        let reply = await gateway.ask()
        try expectFailure(reply, .connectionRefused, retry: .backoff)
        #expect(reply.answer.error?.message == "127.0.0.1 refused the connection on port \(port).")
      }
    }

    @Test("a host without an address is named")
    func unresolvable() async throws {
      try await withGateway(at: "https://nope.invalid", timeout: .seconds(10)) { gateway in
        let reply = await gateway.ask()
        try expectFailure(reply, .dns, retry: .backoff)
        #expect(reply.answer.error?.message == "The host name nope.invalid can't be resolved.")
      }
    }

    @Test("a server that ends the TLS handshake has ended the connection")
    func closedInHandshake() async throws {
      try await ScriptedServer.serving(each: [.read], first: [.read, .reset]) { server in
        try await withGateway(at: "https://localhost:\(server.port)") { gateway in
          try expectFailure(await gateway.ask(), .connectionReset, retry: .onFreshConnection)
          try expectFailure(await gateway.ask(), .connectionClosed, retry: .onFreshConnection)
        }
      }
    }

    @Test("a server without TLS is told, and not asked again")
    func noTLS() async throws {
      try await ScriptedServer.serving(.send("HTTP/1.1 400 Bad Request\r\n\r\n"), .stall) { server in
        try await withGateway(at: "https://localhost:\(server.port)") { gateway in
          try expectFailure(await gateway.ask(), .tls, retry: .never)
        }
      }
    }
  }
}
