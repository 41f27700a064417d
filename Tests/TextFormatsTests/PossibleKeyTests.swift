import Testing
import TextFormats

@Suite("A text that may be a key")
struct PossibleKeyTests {
  @Test(
    "is told from names, paths and numbers",
    arguments: [
      ("sk-live-7f3a9c2b11d04e5f", true), ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", true),
      ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT4", true), ("AbCdEfGhIjKlMnOpQrSt", true),
      ("abcdefghijklmnopqrstuvwxyz", true), ("dGhlIHNhbXBsZSBub25jZQ==", true), ("123456789012345678901234", true),
      ("clave/7f3a9c2b11d04e5f", true),
      ("team-latam-produccion-2026", false), ("/etc/jelou/keys/projects2026.csv", false), ("20260131103000", false),
      ("https://gateway.jelou.ai/jelouapi/v1", false), ("short-7f3a9c", false), ("projectCredentials.yaml", false),
      ("SELECT 7f3a9c2b11d04e5f FROM x", false), ("clave-de-josé-7f3a9c2b11d04e5f", false), ("", false),
    ])
  func guess(text: String, mayBeKey: Bool) {
    #expect(Redaction.mayBeKey(text) == mayBeKey)
    #expect(Redaction.repeatable(text) == (mayBeKey ? "***" : text))
  }

  @Test(
    "is masked in a path to a secret, behind the last folder that exists",
    arguments: [
      ("sk-live-7f3a9c2b", "***"), ("/run/secrets/sk-live-7f3a9c2b", "/run/secrets/***"),
      ("/run/secrets/jelou.key", "/run/secrets/jelou.key"), ("keys.csv", "keys.csv"),
      ("/run/7f3a9c2b11/here", "/run/7f3a9c2b11/here"), ("/run/none/7f3a9c2b11", "/run/***"),
    ])
  func path(path: String, shown: String) {
    let existing: Set = ["/", "/run/", "/run/secrets/", "/run/7f3a9c2b11/here"]
    #expect(Redaction.repeatable(pathToSecret: path) { existing.contains($0) } == shown)
  }
}
