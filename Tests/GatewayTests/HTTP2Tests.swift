import InventoryModel
import TestSupport
import Testing

@testable import Gateway

extension OverTheWire {
  /// Against a real nginx.
  @Suite("A server that also speaks HTTP/2")
  struct HTTP2Tests {
    private func withServer(
      isHTTP2: Bool = true, _ directives: String = "", _ operation: (IntegrationGateway) async throws -> Void
    ) async throws {
      let certificates = try Certificates([.good])
      try await NginxServer.serving(.good, of: certificates, isHTTP2: isHTTP2, directives: directives) { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(5), caFile: certificates.authority, operation)
      }
    }

    @Test("is asked in HTTP/1.1 like any other", arguments: [true, false])
    func negotiation(isHTTP2: Bool) async throws {
      try await withServer(isHTTP2: isHTTP2) { gateway in
        #expect(await gateway.ask().answer.integration?.extraJSON == #"{"protocol":"HTTP/1.1"}"#)
      }
    }

    @Test("may end the connection after every third request", arguments: [1, 8])
    func goAway(inFlight: Int) async throws {
      try await withServer("keepalive_requests 3;") { gateway in
        let replies = await withTaskGroup(of: Reply.self) { group in
          var replies: [Reply] = []
          for number in 1...30 {
            if number > inFlight, let reply = await group.next() { replies.append(reply) }
            group.addTask { await gateway.askPatiently("project-\(number)") }
          }
          for await reply in group { replies.append(reply) }
          return replies
        }
        #expect(replies.count == 30)
        for reply in replies { #expect(reply.answer.outcome == .found, "\(reply.answer.error?.message ?? "")") }
      }
    }

    @Test("tells every status", arguments: [true, false])
    func status(isHTTP2: Bool) async throws {
      let directives = #"""
        location ~ gone { return 404 '{"message":"Integration not found"}'; }
        location ~ busy { add_header Retry-After 7 always; return 429 '{"message":"Slow down"}'; }
        location ~ empty { return 204; }
        """#
      try await withServer(isHTTP2: isHTTP2, directives) { gateway in
        #expect(await gateway.ask("gone").answer == Answer(outcome: .notFound, httpStatus: 404))
        let busy = await gateway.ask("busy")
        #expect(busy.answer.error == RowError(.http(429), "Slow down"))
        #expect(busy.retry == .after(.seconds(7)))
        #expect(await gateway.ask("empty").answer.error?.code == .emptyBody)
      }
    }
  }
}
