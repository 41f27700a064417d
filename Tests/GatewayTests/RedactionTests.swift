import Foundation
import InventoryModel
import Testing
import TextFormats

@testable import Gateway

@Suite("A secret that the gateway sends back")
struct RedactionTests {
  private static let key = "sk-CANARY/7f3a+9c=="

  /// The forms in which the key could come back.
  static let echoes = [
    key, "sk-CANARY%2F7f3a%2B9c%3D%3D", #"sk-CANARY\/7f3a+9c=="#, Data(key.utf8).base64EncodedString(),
    String(Data(key.utf8).base64EncodedString().prefix { $0 != "=" }),
  ]

  private func reply(_ status: Int, _ body: String, headers: [(name: String, value: String)] = []) -> String {
    let secrets = Credentials([Credential.apiKey(Self.key, name: "default")]).mask
    return String(reflecting: ResponseStatusTests.reply(status, body, headers: headers, secrets: secrets).answer)
  }

  private func isClean(_ text: String) -> Bool {
    !text.contains("CANARY") && Self.echoes.allSatisfy { !text.contains($0) }
  }

  @Test(
    "of somebody else's never comes out of a message or an unknown field",
    arguments: [
      "webhook https://us:CANARY@x.example/?token=CANARY failed", "signingSecret=CANARY", "password: 'CANARY', retry",
      "Authorization: Bearer CANARY-0123456789", "sent Bearer CANARY-0123456789 to it", #"{"api_key":"CANARY"}"#,
    ])
  func foreignSecrets(text: String) throws {
    let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    #expect(isClean(reply(403, #"{"message":\#(quoted)}"#)))
    #expect(isClean(reply(200, #"{"status":0,"message":[\#(quoted)]}"#)))
    #expect(isClean(reply(200, #"{"webhookUrl":"https://h.example","note":\#(quoted)}"#)))
  }

  @Test(
    "is looked for in time that grows with the text alone", arguments: ["a", "token", "a:", "://", "key=", "bearer "])
  func linear(piece: String) {
    let text = String(repeating: piece, count: 100_000 / piece.utf8.count) + ":"
    let start = ContinuousClock.now
    _ = Redaction.maskedProse(text)
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test("stands beside its name or under it, and is masked in both")
  func namedValues() {
    let body = #"{"webhookUrl":"https://h.example","bearer":"CANARY","h":[{"name":"Authorization","value":"CANARY"}]}"#
    #expect(isClean(reply(200, body)))
  }

  @Test(
    "is not seen in innocent words",
    arguments: ["Integration not found", "Project: 12", "Too many requests; wait", "Basic authentication required"])
  func innocentWords(message: String) {
    #expect(reply(403, #"{"message":"\#(message)"}"#).contains(message))
  }

  @Test("never comes out of a body", arguments: echoes)
  func body(echo: String) {
    for body in [
      #"{"webhookUrl":"https://h.example/\#(echo)/x","id":"a\#(echo)"}"#, #"{"webhookUrl":"\#(echo)"}"#,
      #"{"webhookUrl":"https://\#(echo).h.example/","createdAt":"\#(echo)","authType":"\#(echo)"}"#,
      #"{"webhookUrl":"https://h.example","note":{"\#(echo)":["\#(echo)"]}}"#,
      #"{"status":0,"message":"Bad: \#(echo)"}"#,
      "<html>\(echo)</html>", "\(echo)", #"{"webhookUrl":"https://h.example",} \#(echo)"#,
    ] {
      let text = reply(200, body)
      #expect(isClean(text), "\(text)")
    }
  }

  @Test("never comes out of an error's message", arguments: echoes, [400, 401, 403, 429, 500])
  func message(echo: String, status: Int) {
    for body in [#"{"message":"Key \#(echo) is wrong"}"#, #"{"message":["Key","\#(echo)"]}"#] {
      let text = reply(status, body)
      #expect(isClean(text), "\(text)")
      #expect(text.contains("***"))
    }
  }

  @Test("never comes out of a header", arguments: echoes)
  func header(echo: String) {
    for location in [echo, "https://login.example/\(echo)?next=\(echo)", "https://\(echo)@login.example/"] {
      let text = reply(302, "", headers: [("Location", location)])
      #expect(isClean(text), "\(text)")
    }
    let text = reply(200, "<html>", headers: [("Content-Type", "text/\(echo)")])
    #expect(isClean(text), "\(text)")
  }

  @Test("escaped by the JSON writer is found all the same")
  func escaped() {
    let echo = Self.key.unicodeScalars.map { "\\u00" + String($0.value, radix: 16) }.joined()
    let text = reply(200, #"{"webhookUrl":"https://h.example","id":"\#(echo)"}"#)
    #expect(isClean(text), "\(text)")
    #expect(text.contains("***"))
  }

  @Test("as a number does not spoil the answer it stands in")
  func number() throws {
    let secrets = Credentials([Credential.apiKey("12345678", name: "default")]).mask
    let reply = ResponseStatusTests.reply(200, #"{"webhookUrl":"https://h.example","id":12345678}"#, secrets: secrets)
    let integration = try #require(reply.answer.integration)
    #expect(integration.id == "***")
  }

  @Test("of a client is masked with its whole Basic token, and the ID is not")
  func basic() {
    let secrets = Credentials([Credential.basic(clientID: "client-7", clientSecret: "CANARY", name: "default")]).mask
    let token = Data("client-7:CANARY".utf8).base64EncodedString()
    let body = #"{"message":"client-7 CANARY \#(token) Basic"}"#
    #expect(ResponseStatusTests.reply(401, body, secrets: secrets).answer.error?.message == "client-7 *** *** Basic")
  }

  @Test(
    "is masked wherever it stands",
    arguments: [
      ("CANARY", "***"), ("xCANARYy", "x***y"), ("CANARYCANARY", "******"), ("CANAR", "CANAR"), ("", ""),
      ("CCANARY", "C***"), ("canary", "canary"), ("é CANARY é", "é *** é"),
      ("%43%41NARY", "***"), ("CAN%41%52Y", "***"), (#"C\u0041NARY"#, "***"), ("%CANARY", "%***"),
      ("%4CANARY", "%4***"),
      ("CANAR%5", "CANAR%5"), ("%", "%"), (#"\CANARY\"#, #"\***\"#), ("CANAR%59%59", "***%59"),
    ])
  func places(text: String, masked: String) {
    #expect(SecretMask([Array("CANARY".utf8)]).masked(text) == masked)
  }

  @Test(
    "is found with whatever signs it has of its own",
    arguments: [
      ("sk%2F1", "sk%2F1"), ("sk%2F1", "sk%252F1"), ("a\\b\"c/", #"a\\b\"c\/"#), ("a\\b\"c/", "a\\b\"c/"),
      ("sk-a+b/c==", "sk%2Da%2bb%2fc%3D%3D"), ("sk-a+b/c==", "sk-a+b%2Fc=="), ("ab\\ncd", "ab\\ncd"),
    ])
  func ownSigns(secret: String, written: String) {
    #expect(SecretMask([Array(secret.utf8)]).masked("<\(written)>") == "<***>")
  }

  @Test("in a content type is masked before the type is cut from its parameters")
  func contentType() {
    let secrets = SecretMask([Array("CANARY;1234".utf8)])
    let reply = ResponseStatusTests.reply(
      200, "<p>", headers: [("content-type", "text/CANARY;1234;charset=utf-8")], secrets: secrets)
    #expect(reply.answer.error?.message == "The response is text/***, not JSON (3 bytes).")
  }

  @Test("as a name leaves no field out, although two names may differ in nothing else")
  func fieldNames() throws {
    let secrets = SecretMask(["CANARY-1", "CANARY-2"].map { Array($0.utf8) })
    let body = #"{"webhookUrl":"https://h.example","x CANARY-1":1,"x CANARY-2":2}"#
    let reply = ResponseStatusTests.reply(200, body, secrets: secrets)
    #expect(reply.answer.integration?.extraJSON == #"{"x ***":1,"x ***_2":2}"#)
  }

  @Test(
    "in the environment is known before anything is read",
    arguments: [
      (["JELOU_API_KEY": " CANARY-1\n"], "CANARY-1"), (["JELOU_CLIENT_SECRET": "CANARY-2"], "CANARY-2"),
      (["JELOU_CLIENT_ID": "id", "JELOU_CLIENT_SECRET": "CANARY"], "aWQ6Q0FOQVJZ"),
      (["HTTPS_PROXY": "http://user:CAN%41RY-3@proxy.example:3128"], "CANARY-3"),
      (["https_proxy": "user:CANARY-4@proxy.example"], "CANARY-4"),
      (["HTTPS_PROXY": "http://u:CANARY@p.example"], "dTpDQU5BUlk="),
    ])
  func environment(variables: [String: String], secret: String) {
    #expect(SecretMask(environment: variables).masked("<\(secret)>").hasPrefix("<***"))
    #expect(SecretMask(environment: [:]).masked(secret) == secret)
  }

  @Test("of fewer than four characters is left, as it stands in innocent text too")
  func short() {
    #expect(SecretMask([Array("a".utf8)]).masked("a cab") == "a cab")
  }

  @Test(
    "is known by its name",
    arguments: [
      ("token", true), ("accessToken", true), ("X-API-KEY", true), ("client_secret", true), ("passwd", true),
      ("PASSWORD", true), ("hubSignature", true), ("sig", true), ("Authorization", true), ("credentials", true),
      ("signingSecret", true), ("token\u{301}", true), ("name", false), ("webhook", false), ("", false),
      ("tok en", false),
    ])
  func name(name: String, isSecret: Bool) {
    #expect(Redaction.isSecretName(name) == isSecret)
  }
}
