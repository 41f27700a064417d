import Testing
import TextFormats

@Suite("Text for terminals and pages")
struct VisibleTextTests {
  @Test(
    "What could steer or deceive is written out",
    arguments: [
      ("a\u{1B}[2Jb", "a\\u{1B}[2Jb"),
      ("one\ntwo\r\tthree", "one\\u{A}two\\u{D}\\u{9}three"),
      ("\u{0}\u{7F}\u{85}\u{9B}", "\\u{0}\\u{7F}\\u{85}\\u{9B}"),
      ("\u{202E}gnp.exe\u{2066}", "\\u{202E}gnp.exe\\u{2066}"),
      ("zero\u{200B}width\u{200D}\u{FEFF}", "zero\\u{200B}width\\u{200D}\\u{FEFF}"),
      ("soft\u{AD}hyphen", "soft\\u{AD}hyphen"),
      ("line\u{2028}paragraph\u{2029}", "line\\u{2028}paragraph\\u{2029}"),
      ("\u{3164}\u{115F}\u{1160}\u{FFA0}\u{34F}", "\\u{3164}\\u{115F}\\u{1160}\\u{FFA0}\\u{34F}"),
      ("tag\u{E0041}", "tag\\u{E0041}"),
      ("é\u{301}\u{200E}", "é\u{301}\\u{200E}"),
    ])
  func written(text: String, visible: String) {
    #expect(text.visible == visible)
  }

  @Test(
    "What can be seen stays as it is",
    arguments: [
      "", "plain ~ text", "\\u{1B}", "Ünïcödé ñ € 漢字", "e\u{301}", "👍🏽 🇨🇴", "no\u{A0}break", "עברית", "العربية",
    ])
  func kept(text: String) {
    #expect(Array(text.visible.unicodeScalars) == Array(text.unicodeScalars))
  }

  @Test("Controls are C0, DEL and C1")
  func controls() {
    let controls = (0...0xFFFF as ClosedRange<UInt32>).filter { Unicode.Scalar($0)?.isControl == true }
    #expect(controls == Array(0...0x1F) + Array(0x7F...0x9F))
  }
}
