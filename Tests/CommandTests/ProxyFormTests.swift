import Foundation
import GatewayTransport
import TestSupport
import Testing

extension TheDatabase {
  /// The forms of `HTTPS_PROXY` and `NO_PROXY`, against those of curl: both programs get the same environment, and a proxy
  /// notes what they ask it for.
  @Suite("A proxy in the environment", .timeLimit(.minutes(5)))
  struct ProxyFormTests {
    private static let refusal: [ScriptedServer.Step] = [
      .request, .send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    ]

    /// What a proxy sees of a program.
    private struct Sighting: Hashable {
      /// The first line, `CONNECT …`, and the header with the user; nil where it is not asked.
      var request: [String]?
      /// Whether the program has refused the proxy's address.
      var isRefused: Bool
    }

    /// What a proxy sees of this program and of curl.
    ///
    /// - Parameter environment: `PROXY` in a value stands for the proxy's port.
    private func sightings(
      _ environment: [String: String], at base: String = "https://gateway.invalid"
    ) async throws -> (own: Sighting, curl: Sighting) {
      (
        try await sighting(environment) { try await Self.runProgram($0, at: base) },
        try await sighting(environment) { try await Self.runCurl($0, at: base) }
      )
    }

    private func sighting(
      _ environment: [String: String], of run: @escaping @Sendable ([String: String]) async throws -> Bool
    ) async throws -> Sighting {
      try await ScriptedServer.serving(each: Self.refusal) { server in
        let isRefused = try await run(environment.mapValues { $0.replacing("PROXY", with: String(server.port)) })
        let lines = server.record.requests.first?.components(separatedBy: "\r\n")
        let request = lines?.filter {
          $0.hasPrefix("CONNECT ") || $0.lowercased().hasPrefix("proxy-authorization:")
        }.map { $0.replacing("Proxy-Authorization", with: "proxy-authorization") }
        return Sighting(request: request, isRefused: isRefused)
      }
    }

    @Sendable
    private static func runProgram(_ environment: [String: String], at base: String) async throws -> Bool {
      var program = try Program()
      try program.folder.writeList(["project-1"])
      program.environment.merge(environment) { $1 }
      let ending = try await program.run([
        "list.csv", "--base-url", base + "/v1", "--max-attempts", "1", "--timeout", "2s",
      ])
      guard ending.status != 65 else {
        #expect(ending.error.contains("use http://HOST:PORT"), "\(ending.error)")
        return true
      }
      // The proxy's refusal, or that there is no gateway.
      #expect(ending.status == 69, "\(environment): \(ending.status) \(ending.error)")
      return false
    }

    @Sendable
    private static func runCurl(_ environment: [String: String], at base: String) async throws -> Bool {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/curl")
      process.arguments = ["-q", "-s", "-o", "/dev/null", "--max-time", "2", base + "/v1"]
      process.environment = environment
      try process.run()
      process.waitUntilExit()
      // "Unsupported proxy syntax" is 5, as is a proxy without an address, and "unsupported proxy scheme" 7, as is one that
      // can't be reached.
      return process.terminationStatus == 5
    }

    @Test(
      "is asked for the gateway in the forms that curl takes",
      arguments: [
        "127.0.0.1:PROXY", "http://127.0.0.1:PROXY", "http://127.0.0.1:PROXY/", "HTTP://127.0.0.1:PROXY",
        "http://127.0.0.1:PROXY/path?x#y", "localhost:PROXY", "http://user:word@127.0.0.1:PROXY",
        "user:p%40ss@127.0.0.1:PROXY", "http://user:a%20b@127.0.0.1:PROXY", "http://user:a:b@127.0.0.1:PROXY",
        "http://:word@127.0.0.1:PROXY", "http://user@127.0.0.1:PROXY", "127.0.0.1:99999", "127.0.0.1:x",
        "http://user:p@ss@127.0.0.1:PROXY", "http://user:p/ss@127.0.0.1:PROXY", "//127.0.0.1:PROXY", "::1:PROXY",
      ])
    func forms(address: String) async throws {
      let (own, curl) = try await sightings(["HTTPS_PROXY": address])
      #expect(own == curl, "\(address)")
      #expect(own.request != nil || own.isRefused, "\(address)")
    }

    @Test(
      "is the one in lower case where there are two, as for curl",
      arguments: [
        ["https_proxy": "127.0.0.1:PROXY", "HTTPS_PROXY": "127.0.0.1:1"],
        ["https_proxy": "127.0.0.1:1", "HTTPS_PROXY": "127.0.0.1:PROXY"],
        ["https_proxy": "", "HTTPS_PROXY": "127.0.0.1:PROXY"],
        ["https_proxy": "127.0.0.1:PROXY", "no_proxy": "other.invalid", "NO_PROXY": "gateway.invalid"],
        ["https_proxy": "127.0.0.1:PROXY", "no_proxy": "gateway.invalid", "NO_PROXY": "other.invalid"],
        ["https_proxy": "127.0.0.1:PROXY", "no_proxy": "", "NO_PROXY": "gateway.invalid"],
      ])
    func spellings(environment: [String: String]) async throws {
      let (own, curl) = try await sightings(environment)
      #expect(own == curl)
    }

    @Test(
      "is passed by for the hosts for which curl passes it by",
      arguments: [
        "gateway.invalid", "invalid", ".invalid", ".gateway.invalid", "GATEWAY.invalid", "gateway.invalid.", "*",
        "other, gateway.invalid", "other gateway.invalid", "other\tgateway.invalid", "other,,gateway.invalid,",
        "way.invalid", "x.gateway.invalid", "gateway.*", "..invalid", "gateway.invalid;x", "https://gateway.invalid",
        "[gateway.invalid]", "",
      ])
    func excludedHosts(list: String) async throws {
      let (own, curl) = try await sightings(["HTTPS_PROXY": "127.0.0.1:PROXY", "NO_PROXY": list])
      #expect(own == curl, "\(list)")
    }

    /// This machine's own address for "any", which is no loopback by its name.
    @Test(
      "is passed by for the addresses for which curl passes it by",
      arguments: [
        "0.0.0.0", "0.0.0.0/32", "0.0.0.0/8", "0.0.0.0/24", "0.0.0.1/31", "10.0.0.0/8 0.0.0.0/16", "0.0.0.1/32",
        "10.0.0.0/8", "0.0.0.0/33", "0.0.0", ".0.0", "0.0", "::/64",
      ])
    func excludedAddresses(list: String) async throws {
      let (own, curl) = try await sightings(
        ["HTTPS_PROXY": "127.0.0.1:PROXY", "NO_PROXY": list], at: "https://0.0.0.0:1")
      #expect(own == curl, "\(list)")
    }

    @Test(
      "of another kind is refused by its kind before anything is begun",
      arguments: ["https", "socks4", "socks5", "socks5h"])
    func otherKinds(scheme: String) async throws {
      var program = try Program()
      try program.folder.writeList(["project-1"])
      program.environment["HTTPS_PROXY"] = scheme + "://user:canary-word@127.0.0.1:1"
      let ending = try await program.run(["list.csv", "--base-url", "https://gateway.invalid/v1"])
      #expect(ending.status == 65)
      #expect(ending.error.contains("HTTPS_PROXY names a proxy of type \(scheme)"), "\(ending.error)")
      #expect(!ending.error.contains("canary-word"))
      #expect(!program.folder.exists("inventory"))
    }
  }
}
