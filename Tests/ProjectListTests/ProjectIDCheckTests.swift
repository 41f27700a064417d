import InventoryModel
import ProjectList
import Testing
import TextFormats

@Suite("Checking an ID before it is asked for")
struct ProjectIDCheckTests {
  @Test(
    "An ID that can't be asked for is refused with its code",
    arguments: [
      ("", .emptyID), (".", .idDotSegment), ("..", .idDotSegment), ("a\u{0}", .idControlCharacter),
      ("a\tb", .idControlCharacter), ("a\r\nb", .idControlCharacter), ("\u{1B}[31m", .idControlCharacter),
      ("a\u{1F}", .idControlCharacter), ("a\u{7F}", .idControlCharacter), ("a\u{80}", .idControlCharacter),
      ("a\u{9F}", .idControlCharacter), (String(repeating: "a", count: 257), .idTooLong),
      (String(repeating: "é", count: 129), .idTooLong),
    ] as [(String, ErrorCode)])
  func refused(id: String, code: ErrorCode) throws {
    let error = try #require(ProjectIDCheck.refusal(of: id))
    #expect(error.code == code)
    #expect(error.message.first?.isUppercase == true && error.message.last == ".")
    #expect(error.message == error.message.visible)
  }

  @Test("The message says which control character it is, and how long is too long")
  func messages() {
    #expect(
      ProjectIDCheck.refusal(of: "a\u{1B}b")?.message == "The ID contains the control character \\u{1B}.")
    #expect(
      ProjectIDCheck.refusal(of: String(repeating: "a", count: 300))?.message
        == "The ID has 300 bytes; the maximum is 256.")
  }

  @Test(
    "Any other ID is asked for",
    arguments: [
      "p1", "007", "...", ".a", "../admin", "a/b", "?x", "#f", "%2e%2e", "//evil", "a b", "é", "👩🏽‍🚀", "p\u{200B}1",
      "p\u{A0}1", "1.23E+19", "=1+1", "'; DROP TABLE results; --", String(repeating: "a", count: 256),
      String(repeating: "é", count: 128),
    ])
  func accepted(id: String) {
    #expect(ProjectIDCheck.refusal(of: id) == nil)
  }
}
