import TestSupport
import Testing
import TextFormats

@Suite("Percent-encoding")
struct PercentEncodingTests {
  @Test(
    "An ID becomes one path segment",
    arguments: [
      ("AZaz09-._~", "AZaz09-._~"), ("../admin", "..%2Fadmin"), ("a/b", "a%2Fb"), ("?x", "%3Fx"), ("#f", "%23f"),
      ("%2e%2e", "%252e%252e"), ("//evil", "%2F%2Fevil"), ("a b+c", "a%20b%2Bc"), ("é", "%C3%A9"),
      ("👍", "%F0%9F%91%8D"), ("\\:@!$&'()*,;=", "%5C%3A%40%21%24%26%27%28%29%2A%2C%3B%3D"), ("\u{0}", "%00"),
      ("", ""),
    ])
  func encodes(text: String, encoded: String) {
    #expect(PercentEncoding.encode(text) == encoded)
  }

  @Test("What was encoded is decoded", arguments: nastyTexts)
  func roundTrip(text: String) throws {
    let decoded = try #require(PercentEncoding.decode(PercentEncoding.encode(text)[...]))
    #expect(Array(decoded.unicodeScalars) == Array(text.unicodeScalars))
  }

  @Test("Digits may be in either case, and a plus is no space", arguments: [("%c3%A9", "é"), ("a+b", "a+b")])
  func decodes(text: String, decoded: String) {
    #expect(PercentEncoding.decode(text[...]) == decoded)
  }

  @Test(
    "A broken escape or bytes that are no text decode to nothing",
    arguments: ["%", "a%", "%4", "%zz", "%+F", "%-0", "% 1", "%%", "%FF", "%C3", "%ED%A0%80", "%é"])
  func broken(text: String) {
    #expect(PercentEncoding.decode(text[...]) == nil)
  }
}
