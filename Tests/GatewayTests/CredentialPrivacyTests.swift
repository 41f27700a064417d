import Foundation
import Testing

@testable import Gateway

@Suite("A credential")
struct CredentialPrivacyTests {
  static let credentials: [Credential] = [
    .apiKey("CANARY-key", name: "acme"), .basic(clientID: "client", clientSecret: "CANARY-secret", name: "acme"),
  ]

  /// The forms in which a secret is a secret still.
  private static let forms =
    ["CANARY", Data("CANARY-key".utf8).base64EncodedString(), Data("client:CANARY-secret".utf8).base64EncodedString()]

  @Test("never prints its secret, however it is printed", arguments: credentials)
  func printing(credential: Credential) {
    let all = Credentials([credential])
    var texts = [
      "\(credential)", String(describing: credential), String(reflecting: credential), credential.description,
    ]
    texts += ["\([credential])", "\(Optional(credential) as Any)", "\(["key": credential])", "\(all)"]
    texts += [String(reflecting: all), String(reflecting: [all])]
    for value: Any in [credential, [credential], all, Optional(credential) as Any] {
      var text = ""
      dump(value, to: &text)
      texts.append(text)
    }
    for text in texts {
      for form in Self.forms { #expect(!text.contains(form)) }
    }
  }

  @Test("prints as its name", arguments: credentials)
  func name(credential: Credential) {
    #expect("\(credential)" == "acme")
    #expect(Mirror(reflecting: credential).children.map(\.label) == ["name"])
  }

  @Test("of the same name is there once, the first")
  func adding() {
    let credentials = Credentials([.apiKey("first-key", name: "a")], warnings: ["careful"])
      .adding(.apiKey("second-key", name: "a")).adding(.apiKey("third-key", name: "b"))
    #expect(credentials["a"]?.header.value == "first-key")
    #expect(credentials["b"]?.header.value == "third-key")
    #expect(credentials.warnings == ["careful"])
  }
}
