import InventoryModel
import TestSupport
import Testing

@testable import Gateway

extension OverTheWire {
  @Suite("A body")
  struct WireLimitTests {
    private static let piece = String(repeating: "x", count: 65_536)
    private static let chunk = "10000\r\n\(piece)\r\n"

    struct Flood: CustomTestStringConvertible, Sendable {
      var testDescription: String
      var steps: [ScriptedServer.Step]
    }

    static let floods = [
      Flood(
        testDescription: "2 MB, as announced",
        steps: [.request, .send(Wire.response(body: String(repeating: " ", count: 2_000_000) + "{}")), .stall]),
      Flood(
        testDescription: "2 MB in chunks, ended properly",
        steps: [
          .request, .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
          .send(String(repeating: chunk, count: 32) + "0\r\n\r\n"), .stall,
        ]),
      Flood(
        testDescription: "chunks without end",
        steps: [.request, .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), .endlessly(chunk)]),
      Flood(
        testDescription: "no length and no end", steps: [.request, .send("HTTP/1.1 200 OK\r\n\r\n"), .endlessly(piece)]),
      Flood(
        testDescription: "1 GB announced",
        steps: [.request, .send("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"), .endlessly(piece)]),
    ]

    @Test("is read to 1 MiB and no further", arguments: floods)
    func tooLarge(_ flood: Flood) async throws {
      try await ScriptedServer.serving(each: flood.steps) { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(5)) { gateway in
          let reply = await gateway.ask()
          #expect(reply.answer.outcome == .invalidResponse)
          #expect(reply.answer.httpStatus == 200)
          try expectFailure(reply, .bodyTooLarge, retry: .never)
        }
        // What left the server is what was read, and what the system's socket buffers hold.
        #expect(server.record.bytesSent < 16_000_000)
      }
    }

    @Test("of exactly 1 MiB is read whole")
    func atLimit() async throws {
      let padding = String(repeating: " ", count: IntegrationGateway.bodyLimit - Wire.configuration.utf8.count)
      try await ScriptedServer.serving(.request, .send(Wire.response(body: Wire.configuration + padding)), .stall) {
        server in
        try await withGateway(at: server.baseURL, timeout: .seconds(5)) { gateway in
          #expect(await gateway.ask().answer.outcome == .found)
        }
      }
    }

    @Test(
      "without end leaves the status what it is",
      arguments: [
        ("404 Not Found", Outcome.invalidResponse, Reply.Retry.never), ("503 Service Unavailable", .failed, .backoff),
        ("401 Unauthorized", .unauthorized, .never),
      ])
    func endlessError(status: String, outcome: Outcome, retry: Reply.Retry) async throws {
      let head = "HTTP/1.1 \(status)\r\nTransfer-Encoding: chunked\r\n\r\n"
      try await ScriptedServer.serving(.request, .send(head), .endlessly(Self.chunk)) { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(5)) { gateway in
          let reply = await gateway.ask()
          #expect(reply.answer.outcome == outcome)
          #expect(reply.retry == retry)
          #expect(reply.answer.httpStatus == Int(status.prefix(3)))
        }
      }
    }

    @Test("that is compressed is neither asked for nor inflated")
    func compressed() async throws {
      // gzip of a configuration
      let packed: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xAB, 0x56, 0x2A, 0x4F, 0x4D, 0xCA, 0xC8, 0xCF,
        0xCF,
        0x0E, 0x2D, 0xCA, 0x51, 0xB2, 0x52, 0xCA, 0x28, 0x29, 0x29, 0x28, 0xB6, 0xD2, 0xD7, 0x07, 0x89, 0x14, 0xEB,
        0x25,
        0x26, 0xE7, 0xA6, 0xEA, 0xA5, 0x56, 0x24, 0xE6, 0x16, 0xE4, 0xA4, 0xEA, 0x67, 0xA5, 0xE6, 0xE4, 0x97, 0x2A,
        0xD5,
        0x02, 0x00, 0xE0, 0xEB, 0x0D, 0x31, 0x31, 0x00, 0x00, 0x00,
      ]
      let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n"
      try await ScriptedServer.serving(.request, .send(head), .bytes(packed), .stall) { server in
        try await withGateway(at: server.baseURL) { gateway in
          let reply = await gateway.ask()
          #expect(reply.answer.outcome == .invalidResponse)
          #expect(reply.answer.error?.code == .notJSON)
        }
        let request = try #require(server.record.requests.first)
        #expect(!request.lowercased().contains("accept-encoding"))
      }
    }
  }
}
