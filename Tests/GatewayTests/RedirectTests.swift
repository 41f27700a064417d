import InventoryModel
import TestSupport
import Testing

@testable import Gateway

extension OverTheWire {
  @Suite("A redirect")
  struct RedirectTests {
    @Test("is never followed: the other server sees nothing", arguments: [301, 302, 303, 307, 308])
    func otherServer(status: Int) async throws {
      try await ScriptedServer.serving(.request, .send(Wire.response())) { other in
        let target = "http://127.0.0.1:\(other.port)/elsewhere"
        let redirect = Wire.response("\(status) Moved", headers: ["Location: \(target)"], body: "")
        try await ScriptedServer.serving(.request, .send(redirect), .stall) { server in
          try await withGateway(at: server.baseURL) { gateway in
            let reply = await gateway.ask()
            #expect(reply.answer.outcome == .invalidResponse)
            #expect(reply.answer.httpStatus == status)
            try expectFailure(reply, .redirect, retry: .never)
            #expect(reply.answer.error?.message == "The gateway redirects to \(target); redirects are not followed.")
          }
          try await Task.sleep(for: .milliseconds(50))
          #expect(server.record.requests.count == 1)
          #expect(other.record.connections == 0)
        }
      }
    }

    @Test("to itself is not followed either")
    func loop() async throws {
      let redirect = Wire.response("302 Found", headers: ["Location: /external-support/project-1"], body: "")
      try await ScriptedServer.serving(.request, .send(redirect), .again) { server in
        try await withGateway(at: server.baseURL) { gateway in
          try expectFailure(await gateway.ask(), .redirect, retry: .never)
        }
        #expect(server.record.requests.count == 1)
      }
    }
  }
}
