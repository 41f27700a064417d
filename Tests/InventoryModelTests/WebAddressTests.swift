import Foundation
import Testing

@testable import InventoryModel

@Suite("A web address")
struct WebAddressTests {
  @Test(
    "has its host in lower case and ASCII, without port",
    arguments: [
      ("https://H.Example:8443/x", "h.example"), ("https://***@h.example/x", "h.example"),
      ("http://10.0.0.7/", "10.0.0.7"),
      ("https://localhost?x", "localhost"), ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
      ("https://bücher.example/", "xn--bcher-kva.example"), ("https://BU\u{308}CHER.example/", "xn--bcher-kva.example"),
      ("https://h.example./x", "h.example."), ("javascript://h.example/%0aalert(1)", "h.example"),
      ("https://[2001:DB8::1]:443/", "[2001:db8::1]"),
    ])
  func host(url: String, host: String) {
    #expect(WebAddress.host(ofURL: url) == host)
    #expect(WebAddress(url)?.host == host)
  }

  @Test(
    "may have no host", arguments: ["", "h.example/x", "/x", "https://", "https:///x", "mailto:a@b.example", "data:x"])
  func noHost(url: String) {
    #expect(WebAddress.host(ofURL: url) == nil)
    #expect(WebAddress(url) == nil)
  }

  @Test(
    "has the host that its URL names",
    arguments: [
      "https://h.example", "https://h.example/", "https://h.example/a/B-9_.x", "https://10.0.0.1/x",
      "https://-h.example/",
      "https://h..example/", "https://.", "https://a", "https:///x", "https://h.example./",
      "https://xn--bcher-kva.example/x",
    ])
  func parsedHost(url: String) {
    let parsed = URLComponents(string: url)?.encodedHost?.lowercased()
    #expect(WebAddress.host(ofURL: url) == (parsed?.isEmpty == true ? nil : parsed))
  }

  @Test("has its parts decoded where they are decoded, and encoded where they are sent")
  func parts() throws {
    let address = try #require(WebAddress("HTTP://us%40er:p%3Aw@h.example:81/a%20b?x"))
    #expect(address.scheme == "http")
    #expect(address.port == 81)
    #expect(address.path == "/a%20b")
    #expect(address.user == "us@er")
    #expect(address.password == "p:w")
    #expect(address.hasQueryOrFragment)
    #expect(WebAddress("http://h.example")?.port == nil)
    #expect(WebAddress("http://[::1]:81")?.hostname == "::1")
  }

  @Test(
    "has no port that is none", arguments: ["https://h.example:0/", "https://h.example:65536/", "https://h.example:x/"])
  func port(url: String) {
    #expect(WebAddress(url) == nil)
    #expect(WebAddress.host(ofURL: url) == nil)
  }

  @Test(
    "may be named by its host alone",
    arguments: [
      ("h.example", "h.example"), ("Bücher.Example", "xn--bcher-kva.example"), ("2001:DB8::1", "[2001:db8::1]"),
      ("[2001:db8::1]", "[2001:db8::1]"), ("10.0.0.7", "10.0.0.7"), ("localhost", "localhost"),
    ])
  func name(name: String, host: String) {
    #expect(WebAddress.host(named: name) == host)
  }

  @Test(
    "is not named by what is more or less than a host",
    arguments: [
      "", " ", "h.example:443", "h.example/x", "u@h.example", "h.example?", "a b", "https://h.example", "[::1]:1",
    ])
  func notAName(name: String) {
    #expect(WebAddress.host(named: name) == nil)
  }

  @Test(
    "is this machine's own by name or number",
    arguments: [
      ("http://localhost", true), ("http://LOCALHOST:8080", true), ("http://127.0.0.1", true),
      ("http://127.9.9.9", true),
      ("http://[::1]:1", true), ("http://127.0.0.1.example", false), ("http://localhost.example", false),
      ("http://10.0.0.1", false), ("http://[::2]", false),
    ])
  func loopback(url: String, isLoopback: Bool) throws {
    #expect(try #require(WebAddress(url)).isLoopback == isLoopback)
  }
}
