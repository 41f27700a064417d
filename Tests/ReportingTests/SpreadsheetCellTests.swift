import InventoryModel
import Testing
import TextFormats

@testable import Reporting

@Suite("A cell for spreadsheets")
struct SpreadsheetCellTests {
  private func written(_ text: String, isIdentifier: Bool = false) -> String {
    SpreadsheetCell.alteration(of: text, isIdentifier: isIdentifier) ?? text
  }

  @Test(
    "that would run gets an apostrophe, whatever stands before the sign",
    arguments: [
      "=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u{A0}=1", "\u{FEFF}=1", "\u{200B} =1", "\u{1}=1",
      "＝1+2", "＋1", "－1", "＠x", "=", "\tx",
      "=HYPERLINK(\"http://evil.example\")", "-", "- a list item",
    ])
  func formulas(text: String) {
    #expect(written(text) == "'" + text)
    #expect(written(text, isIdentifier: true) == "'" + text)
  }

  @Test(
    "that would lose digits gets an apostrophe",
    arguments: [
      "007", "00123", "00", "0012.5", "1234567890123456", "12345678901234567890", "1.23E+19", "1e5", "12E3", "1E-7",
      "123456789.12345678",
    ])
  func digits(text: String) {
    #expect(written(text) == "'" + text)
  }

  @Test(
    "gets one in an ID that would become a date, a time, a fraction, an amount or a truth value, and only there",
    arguments: [
      "1-2", "2026-01-05", "2026-01", "1/2", "1 1/2", "12:30", "1.50", "1,5", "5%", "$12", "TRUE", "false", "MAR1",
      "1-mar", "3 PM", "Verdadero", "dic 2026",
    ])
  func kinds(text: String) {
    #expect(written(text, isIdentifier: true) == "'" + text)
    #expect(written(text) == text)
  }

  @Test(
    "that nothing happens to stays as it is",
    arguments: [
      "", "plain", "0", "10", "123456789012345", "65a1f00000000000000000c3", "a=1", "1a", "'quoted",
      "https://h.example/?a=1",
      "café", "😀", "project-1", "MARTHA1", "v1.2.3", "e10", "1e", "0x1F", "a-1-2", "line\nbreak", "1,2;3|4 x",
    ])
  func harmless(text: String) {
    #expect(written(text, isIdentifier: true) == text)
    #expect(written(text) == text)
  }

  @Test("that could be mistaken for one with an apostrophe gets one more", arguments: ["'=1", "''+1", "'007"])
  func ambiguous(text: String) {
    #expect(written(text) == "'" + text)
  }

  @Test(
    "is read back as what it was",
    arguments: [
      "", "'", "''", "plain", "'quoted", "''quoted", "=1", "'=1", "''=1", "'''=1", "007", "'007", "1001", "'1001",
      "12345678901234567890", "'12345678901234567890", "1.23E+19", "2026-01-05", "'2026-01-05", "TRUE", "'TRUE", "1/2",
      "'1/2", "'12:30", "MAR1", "\t=1", "'\t=1", "\u{FEFF}=1", "\u{FEFF}'=1", "'\u{301}=1", "'5%", "'-", "' =1",
    ])
  func original(text: String) {
    for isIdentifier in [true, false] {
      let cell = written(text, isIdentifier: isIdentifier)
      let original = SpreadsheetCell.original(of: cell, isIdentifier: isIdentifier) ?? cell
      #expect(original.utf8.elementsEqual(text.utf8), "\(cell)")
    }
  }

  @Test("that is too long for a cell is cut with a mark, and no character in half", arguments: ["x", "é", "😀"])
  func long(unit: String) {
    let most = 32_767 / unit.utf16.count
    let fits = String(repeating: unit, count: most)
    #expect(written(fits) == fits)
    let cut = written(fits + unit + unit)
    #expect(cut.utf16.count <= 32_767 && cut.utf16.count > 32_760)
    #expect(cut.hasSuffix("…[cut]"))
    #expect(SpreadsheetCell.isCut(cut) && !SpreadsheetCell.isCut(fits) && !SpreadsheetCell.isCut("x…[cut]"))
    #expect(cut.dropLast(6).allSatisfy { String($0) == unit })
    let formula = written("=" + fits)
    #expect(formula.utf16.count <= 32_767)
    #expect(formula.hasPrefix("'=") && formula.hasSuffix("…[cut]"))
  }

  @Test("is altered in the profiles for spreadsheets alone", arguments: CSVProfile.allCases)
  func profiles(profile: CSVProfile) {
    let isAltered = profile.alteration(of: "=1", isIdentifier: false) != nil
    #expect(isAltered == (profile == .excel || profile == .excelSemicolon))
  }
}
