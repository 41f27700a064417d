import Testing
import TextFormats

@Suite("Spaces around a text")
struct TrimmingTests {
  @Test(
    "Spaces, tabs and no-break spaces go",
    arguments: [
      (" a", "a"), ("a ", "a"), ("\ta\t", "a"), ("\u{A0}a\u{A0}", "a"), (" \t\u{A0} a b \u{A0}\t ", "a b"),
      ("", ""), (" ", ""), ("\t\u{A0} ", ""), ("a", "a"), ("a  b", "a  b"), (" 👍🏽 ", "👍🏽"),
    ])
  func trimmed(text: String, rest: String) {
    #expect(text.trimmingSpace() == rest)
  }

  @Test(
    "Everything else stays",
    arguments: ["\na\n", "\ra", "\u{200B}a\u{200B}", "\u{FEFF}a", "\u{2003}a", "\u{0}", "\r\n"])
  func kept(text: String) {
    #expect(Array(text.trimmingSpace().unicodeScalars) == Array(text.unicodeScalars))
  }
}
