import Testing

@testable import Gateway

@Suite("The base URL")
struct BaseURLTests {
  @Test(
    "is https, or http on this machine",
    arguments: [
      (BaseURL.documented, "gateway.jelou.ai", 443), ("https://gateway.jelou.ai/platform/v1", "gateway.jelou.ai", 443),
      ("HTTPS://Gateway.Example:8443/V1", "gateway.example", 8443), ("https://10.0.0.7/x", "10.0.0.7", 443),
      ("http://127.0.0.1:8080", "127.0.0.1", 8080), ("http://127.9.9.9", "127.9.9.9", 80),
      ("http://localhost/api", "localhost", 80), ("http://[::1]:9000/api", "[::1]", 9000),
      ("https://[2001:db8::1]/v1", "[2001:db8::1]", 443),
    ])
  func valid(text: String, host: String, port: Int) throws {
    let base = try BaseURL(text)
    #expect(base.host == host)
    #expect(base.port == port)
  }

  @Test(
    "is refused when keys would travel in the clear",
    arguments: [
      "http://gateway.jelou.ai/v1", "http://10.0.0.7", "http://128.0.0.1", "http://127.0.0.1.example.com",
      "http://127.0.0", "http://localhost.example.com", "http://localhost.", "http://[::2]", "http://[fe80::1]",
      "http://0.0.0.0",
    ])
  func notSecure(text: String) {
    #expect {
      _ = try BaseURL(text)
    } throws: { error in
      if case BaseURL.Invalid.notSecure = error { true } else { false }
    }
  }

  @Test(
    "is refused when it is no address",
    arguments: [
      "", " ", "gateway.jelou.ai", "/v1", "https://", "https:///v1", "ftp://gateway.jelou.ai", "file:///etc/passwd",
      "https://gateway.jelou.ai:0", "https://gateway.jelou.ai:65536", "https://gateway.jelou.ai:x", "https:gateway",
      "javascript://gateway.jelou.ai", "https://gate way.jelou.ai", "https://gateway.jelou.ai\n.evil.example/",
    ])
  func notAURL(text: String) {
    #expect {
      _ = try BaseURL(text)
    } throws: { error in
      if case BaseURL.Invalid.notAURL = error { true } else { false }
    }
  }

  @Test(
    "with a user, a query or a fragment is refused without a word of it",
    arguments: [
      "https://user:CANARY@gateway.jelou.ai", "https://CANARY@gateway.jelou.ai/v1", "http://CANARY@127.0.0.1",
      "http://user:CANARY@gateway.jelou.ai", "https://gateway.jelou.ai/v1?key=CANARY",
      "https://gateway.jelou.ai?CANARY",
      "https://gateway.jelou.ai/v1#CANARY", "https://gateway.jelou.ai?",
    ])
  func secrets(text: String) throws {
    let error = try #require(throws: BaseURL.Invalid.self) { try BaseURL(text) }
    #expect(!"\(error)".contains("CANARY"))
    #expect(!String(reflecting: error).contains("CANARY"))
    switch error {
    case .hasUserInfo, .hasQuery: break
    case .notAURL, .notSecure: Issue.record("\(error)")
    }
  }

  @Test(
    "is kept without a slash at its end",
    arguments: [
      ("https://gateway.jelou.ai", "https://gateway.jelou.ai"),
      ("https://gateway.jelou.ai/", "https://gateway.jelou.ai"),
      ("https://gateway.jelou.ai/v1///", "https://gateway.jelou.ai/v1"),
      ("https://gateway.jelou.ai:8443/v1/", "https://gateway.jelou.ai:8443/v1"),
      ("http://[::1]:9000/", "http://[::1]:9000"),
    ])
  func trailingSlash(text: String, kept: String) throws {
    #expect(try BaseURL(text).description == kept)
  }

  @Test(
    "takes any project ID as one path segment",
    arguments: [
      ("6512f0", "6512f0"), ("../admin", "..%2Fadmin"), ("a/b", "a%2Fb"), ("?x", "%3Fx"), ("#f", "%23f"),
      ("%2e%2e", "%252e%252e"), ("//evil", "%2F%2Fevil"), ("a b", "a%20b"), ("é", "%C3%A9"), ("😀", "%F0%9F%98%80"),
      (";a=b", "%3Ba%3Db"), ("a\\b", "a%5Cb"), ("@evil", "%40evil"), ("a:b", "a%3Ab"), ("~-._", "~-._"),
      ("\u{200B}", "%E2%80%8B"), ("a+b&c", "a%2Bb%26c"), ("\"'<>", "%22%27%3C%3E"),
    ])
  func segment(id: String, segment: String) throws {
    let base = try BaseURL("https://gateway.jelou.ai/jelouapi/v1/")
    #expect(base.target(ofProject: id) == "/jelouapi/v1/external-support/" + segment)
  }

  @Test(
    "is named to the server with its port only where that is not the usual one",
    arguments: [
      ("https://gateway.jelou.ai/v1", "gateway.jelou.ai", "gateway.jelou.ai"),
      ("https://gateway.jelou.ai:443", "gateway.jelou.ai", "gateway.jelou.ai"),
      ("https://gateway.jelou.ai:8443", "gateway.jelou.ai:8443", "gateway.jelou.ai"),
      ("http://[::1]:8080/a", "[::1]:8080", "::1"), ("http://127.0.0.1", "127.0.0.1", "127.0.0.1"),
    ])
  func authority(text: String, authority: String, hostname: String) throws {
    let base = try BaseURL(text)
    #expect(base.authority == authority)
    #expect(base.hostname == hostname)
  }
}
