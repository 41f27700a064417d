import Testing
import TextFormats

@testable import InventoryModel

@Suite("A webhook's URL")
struct WebhookTests {
  @Test(
    "is kept without its user and password",
    arguments: [
      ("https://user:pw@h.example/x", "https://***@h.example/x"), ("https://user@h.example", "https://***@h.example"),
      ("https://u:p@ss@h.example/x", "https://***@h.example/x"),
      ("https://u:p@h.example:8443?a=b", "https://***@h.example:8443?a=b"),
      ("HTTPS://u:p@h.example", "HTTPS://***@h.example"), ("ftp://u:p@h.example/", "ftp://***@h.example/"),
      ("//u:p@h.example/x", "//***@h.example/x"), ("https://u:p\u{301}@h.example", "https://***@h.example"),
    ])
  func userInfo(url: String, kept: String) {
    #expect(Webhook.masked(url) == kept)
  }

  @Test(
    "is kept without the values of parameters that name a secret",
    arguments: [
      ("https://h.example/?token=a1", "https://h.example/?token=***"),
      ("https://h.example/x?a=1&api_key=b2&c=3", "https://h.example/x?a=1&api_key=***&c=3"),
      ("https://h.example/?X-Amz-Signature=s&sig=t", "https://h.example/?X-Amz-Signature=***&sig=***"),
      ("https://h.example/?PASSWORD=a&passwd=b&Secret=c", "https://h.example/?PASSWORD=***&passwd=***&Secret=***"),
      ("https://h.example/?%74oken=a1", "https://h.example/?%74oken=***"),
      ("https://h.example/?to%6Ben=a1&x=2", "https://h.example/?to%6Ben=***&x=2"),
      ("https://h.example/?%FF%74oken=a1", "https://h.example/?%FF%74oken=***"),
      ("https://h.example/?token=a=b=c", "https://h.example/?token=***"),
      ("https://h.example/?token=", "https://h.example/?token=***"),
      ("https://h.example/?a=1;token=b", "https://h.example/?a=1;token=***"),
      ("https://h.example/#access_token=a1", "https://h.example/#access_token=***"),
      ("https://h.example/?a=1#auth=b2", "https://h.example/?a=1#auth=***"),
      ("https://h.example?credential=a", "https://h.example?credential=***"),
      ("https://h.example/?token\u{301}=a1", "https://h.example/?token\u{301}=***"),
      ("https://h.example/?token=\u{301}a1", "https://h.example/?token=***"),
      ("https://h.example/?\u{301}token=a1", "https://h.example/?\u{301}token=***"),
      ("https://h.example/?a=1&\u{301}token=a1", "https://h.example/?a=1&\u{301}token=***"),
    ])
  func parameters(url: String, kept: String) {
    #expect(Webhook.masked(url) == kept)
  }

  @Test(
    "is otherwise kept as it is",
    arguments: [
      "https://h.example/x", "https://h.example/token=a1/x", "https://h.example/?a=b&c=d", "https://h.example/?token",
      "https://h.example/a@b", "https://h.example/?mail=a@b", "not a url", "", "https://", "https://h.example/?x=token",
      "https://h.example/😀?é=ü#", "http://[::1]:80/?&&=;#?", "mailto:a@b.example",
    ])
  func untouched(url: String) {
    #expect(Webhook.masked(url) == url)
  }

  @Test(
    "is parsed once for all that is asked of it",
    arguments: [
      ("https://h.example/x", .https, "h.example", nil, [], true),
      ("HTTP://H.Example:81?a#b", .http, "h.example", nil, [], true),
      ("https://u:p@h.example/?token=a&x=b#sig=c", .https, "h.example", nil, ["userinfo", "token", "sig"], true),
      ("https://bücher.example/", .https, "xn--bcher-kva.example", nil, [], false),
      ("https://h.example/a b", .https, "h.example", .characters, [], false),
      ("https:///x", .https, nil, .host, [], true), ("https://h.example:0/", .https, nil, .host, [], true),
      ("ftp://h.example/", nil, "h.example", .scheme, [], false), ("//h.example/x", nil, nil, .scheme, [], false),
      ("https:/h.example", nil, nil, .scheme, [], false), ("", nil, nil, .scheme, [], false),
    ] as [(String, Webhook.Scheme?, String?, Webhook.Fault?, [String], Bool)])
  func parts(
    text: String, scheme: Webhook.Scheme?, host: String?, fault: Webhook.Fault?, secretPlaces: [String], isLink: Bool
  ) {
    let received = Webhook(text)
    for webhook in [received, Webhook(kept: received.url, host: received.host)] {
      #expect(webhook.scheme == scheme)
      #expect(webhook.host == host)
      #expect(webhook.fault == fault)
      #expect(webhook.secretPlaces == secretPlaces)
      #expect(webhook.isLink == isLink)
    }
  }

  @Test("is cut where it is longer than what is kept, which is a fault")
  func overLong() {
    let webhook = Webhook("https://h.example/" + String(repeating: "x", count: ValueLimit.bytes))
    #expect(webhook.fault == .length)
    #expect(webhook.host == "h.example")
    #expect(webhook.url.utf8.count < ValueLimit.bytes + 200)
  }

  @Test(
    "has its authority between the scheme and what follows",
    arguments: [
      ("https://h.example:81/x", "h.example:81"), ("HTTP://h.example?x", "h.example"), ("https://h#x", "h"),
      ("https://u@h.example", "***@h.example"), ("ftp://h.example/", ""), ("https://", ""),
    ])
  func authority(text: String, authority: String) {
    #expect(Webhook(text).authority == authority)
  }
}
