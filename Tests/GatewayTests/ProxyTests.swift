import Testing

@testable import Gateway
@testable import GatewayTransport

@Suite("The proxy")
struct ProxyTests {
  private static let named = Proxy(host: "proxy.example", port: 3128)

  private func proxy(
    for base: String = "https://gateway.jelou.ai/v1", _ environment: [String: String]
  ) throws -> Proxy? {
    try Proxy.forRequests(to: BaseURL(base), environment: environment)
  }

  @Test(
    "is what HTTPS_PROXY says, in either case, and in lower case first",
    arguments: [
      (["HTTPS_PROXY": "http://proxy.example:3128"], named), (["https_proxy": "http://proxy.example:3128/"], named),
      (["HTTPS_PROXY": " proxy.example:3128 "], named), (["HTTPS_PROXY": "HTTP://proxy.example:3128"], named),
      (["HTTPS_PROXY": "proxy.example"], Proxy(host: "proxy.example", port: 1080)),
      (["HTTPS_PROXY": "http://proxy.example/"], Proxy(host: "proxy.example", port: 1080)),
      (["HTTPS_PROXY": "http://[::1]:18130"], Proxy(host: "::1", port: 18_130)),
      (["HTTPS_PROXY": "[::1]:18130"], Proxy(host: "::1", port: 18_130)),
      (["HTTPS_PROXY": "[2001:db8::1]"], Proxy(host: "2001:db8::1", port: 1080)),
      (["HTTPS_PROXY": "http://other.example:1", "https_proxy": "http://proxy.example:3128"], named),
      (["HTTPS_PROXY": "", "https_proxy": "http://proxy.example:3128"], named),
    ])
  func set(environment: [String: String], expected: Proxy) throws {
    #expect(try proxy(environment) == expected)
  }

  @Test(
    "is nobody when no variable names one",
    arguments: [[:], ["HTTPS_PROXY": ""], ["HTTPS_PROXY": "  "], ["HTTP_PROXY": "http://proxy.example:3128"]])
  func unset(environment: [String: String]) throws {
    #expect(try proxy(environment) == nil)
  }

  @Test(
    "takes its user and password from the address, decoded",
    arguments: [
      ("http://user:secret@proxy.example:3128", "user", "secret"),
      ("http://user:p%40ss%3Aword@proxy.example:3128", "user", "p@ss:word"),
      ("http://user@proxy.example:3128", "user", ""), ("user:secret@proxy.example:3128", "user", "secret"),
      ("http://:secret@proxy.example:3128", "", "secret"), ("http://user:a:b@proxy.example:3128", "user", "a:b"),
    ])
  func credentials(address: String, user: String, password: String) throws {
    var expected = Self.named
    expected.credentials = Proxy.Credentials(user: user, password: password)
    #expect(try proxy(["HTTPS_PROXY": address]) == expected)
  }

  @Test(
    "is passed by for what NO_PROXY lists",
    arguments: [
      "gateway.jelou.ai", "jelou.ai", ".jelou.ai", "*.jelou.ai", "GATEWAY.JELOU.AI", "*", "ai", "other, jelou.ai",
      "other jelou.ai", "other\tjelou.ai", "gateway.jelou.ai.", "JELOU.ai.", "192.0.2.0/24, jelou.ai", "jelou.ai:443",
      "gateway.jelou.ai:443", "*:443", "other,,jelou.ai,",
    ], ["NO_PROXY", "no_proxy"])
  func excluded(list: String, variable: String) throws {
    #expect(try proxy(["HTTPS_PROXY": "http://proxy.example:3128", variable: list]) == nil)
  }

  @Test(
    "is used for what NO_PROXY does not list",
    arguments: [
      "", "elou.ai", "way.jelou.ai", "x.gateway.jelou.ai", "jelou.ai:8443", "*:80", "jelou.ai.example", "jelou",
      "*elou.ai", ",", "..jelou.ai", "jelou.ai/24", "https://gateway.jelou.ai", "gateway.*", "jelou.ai;x", "0.0.0.0/0",
    ])
  func notExcluded(list: String) throws {
    #expect(try proxy(["HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": list]) == Self.named)
  }

  @Test(
    "is passed by for an IP address that NO_PROXY lists, by itself or with its network",
    arguments: [
      ("[2001:db8::1]", "[2001:db8::1]", true), ("[2001:db8::1]", "2001:DB8::1", true),
      ("[2001:db8::1]", "[2001:db8::1]:443", true), ("[2001:db8::1]", "2001:db8:0::1", true),
      ("[2001:db8::1]", "2001:db8::/32", true), ("[2001:db8::1]", "[2001:db8::]/32", true),
      ("[2001:db8::1]", "2001:db8::/129", false), ("[2001:db8::1]", "2001:db9::/32", false),
      ("[2001:db8::1]", "[2001:db8::1]:80", false), ("203.0.113.9", "203.0.113.9", true),
      ("203.0.113.9", "203.0.113.9:443", true), ("203.0.113.9", "203.0.113.0/24", true),
      ("203.0.113.9", "10.0.0.0/8 203.0.113.8/29", true), ("203.0.113.9", "203.0.113.9/32", true),
      ("203.0.113.9", "203.0.113.0/29", false), ("203.0.113.9", "203.0.113.9/33", false),
      ("203.0.113.9", "203.0.113.9/-1", false), ("203.0.113.9", "203.0.113", false), ("203.0.113.9", "113.9", false),
      ("203.0.113.9", ".113.9", false), ("203.0.113.9", "::/0", false),
    ])
  func excludedAddress(host: String, list: String, isDirect: Bool) throws {
    let environment = ["HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": list]
    #expect(try proxy(for: "https://\(host)/v1", environment) == (isDirect ? nil : Self.named))
  }

  @Test(
    "is never used for this machine",
    arguments: ["https://localhost", "https://127.0.0.1:8443", "https://[::1]", "http://localhost:8080"])
  func loopback(base: String) throws {
    #expect(try proxy(for: base, ["HTTPS_PROXY": "http://proxy.example:3128"]) == nil)
    #expect(try proxy(for: base, ["HTTPS_PROXY": "socks5://unusable"]) == nil)
  }

  @Test(
    "that can't be used is refused without a word of its value",
    arguments: [
      "http://user:CANARY@", "ftp://user:CANARY@proxy.example", "canary://proxy.example", "http://user:CAN@ARY@host",
      "http://user:CANARY@proxy.example:99999", "http://user:CANARY@proxy.example:x", "://CANARY", "http:// CANARY",
    ], ["HTTPS_PROXY", "https_proxy"])
  func unusable(address: String, variable: String) throws {
    let error = try #require(throws: Proxy.EnvironmentError.self) { _ = try proxy([variable: address]) }
    #expect("\(error)" == "\(variable) is not the URL of an HTTP proxy; use http://HOST:PORT")
    #expect(!String(reflecting: error).contains("CANARY"))
  }

  @Test(
    "of another kind is refused by its kind",
    arguments: ["https", "socks", "socks4", "socks4a", "socks5", "socks5h", "SOCKS5"])
  func otherKind(scheme: String) throws {
    let error = try #require(throws: Proxy.EnvironmentError.self) {
      _ = try proxy(["HTTPS_PROXY": scheme + "://user:CANARY@proxy.example:1080"])
    }
    #expect(
      "\(error)"
        == "HTTPS_PROXY names a proxy of type \(scheme.lowercased()), which is not supported; use http://HOST:PORT"
    )
  }
}
