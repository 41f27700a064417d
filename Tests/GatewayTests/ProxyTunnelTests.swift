import InventoryModel
import TestSupport
import Testing

@testable import Gateway
@testable import GatewayTransport

extension OverTheWire {
  /// Through a proxy that opens tunnels, to a real nginx.
  @Suite("A tunnel through a proxy")
  struct ProxyTunnelTests {
    private static let established = "HTTP/1.1 200 Connection established\r\n\r\n"

    /// A gateway of this kind of certificate, behind a proxy that opens a tunnel to it.
    private func withTunnel(
      _ kind: Certificates.Kind, credentials: Proxy.Credentials? = nil,
      _ operation: (IntegrationGateway, ScriptedServer) async throws -> Void
    ) async throws {
      let certificates = try Certificates([kind])
      try await NginxServer.serving(kind, of: certificates) { server in
        try await ScriptedServer.serving(.request, .send(Self.established), .tunnel(port: server.port)) { tunnel in
          let proxy = Proxy(host: "127.0.0.1", port: tunnel.port, credentials: credentials)
          try await withGateway(
            at: server.baseURL, timeout: .seconds(5), caFile: certificates.authority, proxy: proxy
          ) { gateway in
            try await operation(gateway, tunnel)
          }
        }
      }
    }

    @Test("carries the request, and the proxy sees neither the key nor the path")
    func tunnel() async throws {
      let credentials = Proxy.Credentials(user: "user", password: "pass word")
      try await withTunnel(.good, credentials: credentials) { gateway, proxy in
        for _ in 1...3 {
          let reply = await gateway.ask()
          #expect(reply.answer.outcome == .found, "\(reply.answer.error?.message ?? "")")
        }
        #expect(proxy.record.connections == 1)
        let request = try #require(proxy.record.requests.first)
        #expect(request.hasPrefix("CONNECT localhost:"))
        #expect(request.lowercased().contains("proxy-authorization: basic dxnlcjpwyxnzihdvcmq="))
        #expect(!request.contains("CANARY") && !request.contains("external-support"))
      }
    }

    @Test(
      "does not make a bad certificate any better", arguments: [Certificates.Kind.selfSigned, .expired, .wrongHost])
    func untrusted(kind: Certificates.Kind) async throws {
      try await withTunnel(kind) { gateway, _ in
        try expectFailure(await gateway.ask(), .tls, retry: .never)
      }
    }

    @Test(
      "that the proxy does not open is told",
      arguments: [
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "The proxy did not open a tunnel to the gateway."),
        ("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "The proxy did not open a tunnel to the gateway."),
        (
          "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
          "The proxy requires a user name and password; add them to the proxy's URL."
        ),
      ])
    func refused(response: String, message: String) async throws {
      try await ScriptedServer.serving(.request, .send(response), .stall) { server in
        let proxy = Proxy(host: "127.0.0.1", port: server.port)
        try await withGateway(at: "https://gateway.example", proxy: proxy) { gateway in
          let reply = await gateway.ask()
          try expectFailure(reply, .protocolError, retry: .backoff)
          #expect(reply.answer.error?.message == message)
        }
      }
    }

    @Test("that the proxy never opens ends with the attempt's time")
    func stalled() async throws {
      try await ScriptedServer.serving(.request, .stall) { server in
        let proxy = Proxy(host: "127.0.0.1", port: server.port)
        try await withGateway(at: "https://gateway.example", proxy: proxy) { gateway in
          let begin = ContinuousClock.now
          try expectFailure(await gateway.ask(), .timeout, retry: .backoff)
          #expect(ContinuousClock.now - begin < .milliseconds(1500))
        }
      }
    }

    @Test("blames the proxy, not the gateway, when the proxy is not there")
    func proxyDown() async throws {
      let port = try Loopback.freePort()
      try await withGateway(at: "https://gateway.example", proxy: Proxy(host: "127.0.0.1", port: port)) { gateway in
        let reply = await gateway.ask()
        try expectFailure(reply, .connectionRefused, retry: .backoff)
        #expect(reply.answer.error?.message == "The proxy 127.0.0.1 refused the connection on port \(port).")
      }
    }

    @Test("blames the proxy, not the gateway, when the proxy has no address")
    func proxyUnknown() async throws {
      let proxy = Proxy(host: "nope.invalid", port: 3128)
      try await withGateway(at: "https://gateway.example", timeout: .seconds(10), proxy: proxy) { gateway in
        let reply = await gateway.ask()
        try expectFailure(reply, .dns, retry: .backoff)
        #expect(reply.answer.error?.message == "The host name of the proxy nope.invalid can't be resolved.")
      }
    }
  }
}
