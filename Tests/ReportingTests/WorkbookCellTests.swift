import InventoryModel
import Testing
import TextFormats

@testable import Reporting

@Suite("A cell of the workbook")
struct WorkbookCellTests {
  @Test(
    "holds a text so that it reads back as it was",
    arguments: [
      ("plain", "plain"), ("=1+2", "=1+2"), ("007", "007"), ("", ""), ("_", "_"), ("_x", "_x"), ("é😀", "é😀"),
      ("_x0041_", "_x005F_x0041_"), ("a_x00e9_b", "a_x005F_x00e9_b"), ("_x041_", "_x041_"), ("_x004G_", "_x004G_"),
      ("_x005F_x0041_", "_x005F_x005F_x005F_x0041_"), ("_X0041_", "_X0041_"),
      // The library escapes the control: what stands before must not become part of that escape.
      ("_x0041\u{1}", "_x005F_x0041\u{1}"), ("\u{7}", "\u{7}"), ("a\0b", "a\u{FFFD}b"),
      ("\u{FFFE}|\u{FFFF}", "_xFFFE_|_xFFFF_"), ("\u{FEFF}\u{FFFD}", "\u{FEFF}\u{FFFD}"),
    ])
  func text(text: String, written: String) {
    let result = CellText.written(text)
    #expect(result.text.unicodeScalars.elementsEqual(written.unicodeScalars))
    #expect(!result.isCut)
  }

  @Test(
    "is cut where it is too long, whole characters only, and as the CSV for spreadsheets",
    arguments: ["x", "é", "😀", "_x0041_", "a\u{1F600}"])
  func cut(unit: String) {
    let text = String(repeating: unit, count: 40_000)
    let result = CellText.written(text)
    #expect(result.isCut)
    #expect(result.text.hasSuffix("…[cut]"))
    #expect((32_767 - 8...32_767).contains(result.text.utf16.count))
    if unit != "_x0041_" {
      #expect(result.text == SpreadsheetCell.alteration(of: text, isIdentifier: false))
    }
    let whole = String(repeating: "x", count: 32_767)
    #expect(CellText.written(whole) == (whole, false))
  }

  @Test(
    "is a link for whole http and https addresses alone",
    arguments: [
      ("https://hooks.example.com/a?b=c&d=e", true), ("HTTP://Hooks.Example.com:8080/x#part", true),
      ("http://10.0.0.1/", true), ("https://a.example/%20", true), ("https://a.example?x|y", true),
      ("https://a.example/" + String(repeating: "x", count: 2061), true),
      ("https://a.example/" + String(repeating: "x", count: 2062), false),
      ("javascript:alert(1)", false), ("file:///etc/passwd", false), ("mailto:a@b.example", false),
      ("internal:Inventory!A1", false), ("external:c:\\x.xlsx", false), ("ftp://a.example/", false),
      ("https://a.example/?x=external:y", false), ("https://a.example/?x=internal:y", false),
      ("https://a.example/?to=mailto:x", false), ("https://", false), ("https:///x", false), ("https://?x", false),
      ("https://***@a.example/", false), ("http://[::1]/", false), ("https://a.example/ x", false),
      ("https://a.example/<b>", false), ("https://a.example/\"", false), ("https://a.example/{id}", false),
      ("https://a.example/100%", false), ("https://a.example/%zz", false), ("https://a.example/#", false),
      ("https://a.example/#a#b", false), ("https://a.example:0/", false), ("https://a.example:99999/", false),
      ("https://a.example:x/", false), ("https://a..example/", false), ("https://a.example/é", false),
      ("https://a.example/\n", false), ("=https://a.example/", false), ("", false),
    ])
  func link(text: String, isLink: Bool) {
    #expect(WebLink.isLink(Webhook(kept: text, host: nil)) == isLink)
  }

  @Test(
    "is a date for a time as the reports write it, from March 1900 on",
    arguments: [
      ("1900-03-01T00:00:00.000Z", 61), ("2026-01-15T12:00:00.000Z", 46_037.5), ("1970-01-01T00:00:00.000Z", 25_569),
      ("9999-12-31T00:00:00.000Z", 2_958_465), ("1900-02-28T23:59:59.999Z", nil), ("0001-01-01T00:00:00.000Z", nil),
      ("2026-01-15", nil), ("2026-01-15T12:00:00Z", nil), ("2026-02-30T00:00:00.000Z", nil), ("yesterday", nil),
      ("46037", nil), ("", nil),
    ] as [(String, Double?)])
  func time(text: String, serial: Double?) {
    #expect(SheetTime.serial(text) == serial)
  }
}
