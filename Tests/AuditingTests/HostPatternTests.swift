import Testing

@testable import Auditing

@Suite("A pattern of allowed hosts")
struct HostPatternTests {
  @Test(
    "names one host, or with *. all names below one",
    arguments: [
      ("hooks.example.com", "hooks.example.com", true), ("Hooks.Example.com", "hooks.example.com", true),
      ("hooks.example.com", "hooks.example.com.", true), ("hooks.example.com.", "hooks.example.com", true),
      ("hooks.example.com", "a.hooks.example.com", false), ("example.com", "notexample.com", false),
      ("*.example.com", "a.example.com", true), ("*.example.com", "a.b.example.com", true),
      ("*.example.com", "example.com", false), ("*.example.com", "evil-example.com", false),
      ("*.example.com", "a.example.com.evil.net", false),
    ])
  func matches(pattern: String, host: String, matches: Bool) throws {
    #expect(try #require(HostPattern(pattern)).matches(host) == matches)
  }

  @Test(
    "is refused when it is none",
    arguments: [
      "", "*", "*.", "a.*.com", "https://example.com", "example.com/path", "example.com:443", "u@example.com", "a b",
    ])
  func refused(text: String) {
    #expect(HostPattern(text) == nil)
  }
}
