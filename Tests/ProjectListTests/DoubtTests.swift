import ProjectList
import Testing

@Suite("Doubts about an ID")
struct DoubtTests {
  private func expect(
    _ doubt: ProjectIDCheck.Doubt?, about ids: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for id in ids {
      let found = ProjectIDCheck.doubt(about: id)
      #expect(found == doubt, "\(id): \(String(describing: found))", sourceLocation: sourceLocation)
    }
  }

  @Test("An ordinary ID is not doubted")
  func ordinary() {
    expect(
      nil,
      about: [
        "", "p1", "007", "12345678901234567890", "100000000000000", "1000000000000000000a", "1E5", "1e5", "65e10",
        "E+19", ".5E+19", "1.E+19", "1.2.3E+19", "a1.23E+19", "1.23E+19b", "1.23E+", "1.23E+1a", "é", "a-b_c.d~e",
        "64820f215e3ab176d9af34b8", "c7799058-2fe4-4685-a993-b7a41c9fba41", "hotel-palma-real-operacoes", "project-1",
        "1-2", "1/2", "-1", "..a", "p#1", "nano", "nulle", "trueno", "infra", "a'b", "../admin", "v1.2.3", "10.0.0.1",
        "1.2.3.4", "1a.0", "1.0a", "2026", "2026-01", "2026-13-05", "32/01/2026", "99:99", "5-mariposa", "marzo-2026x",
        "10-20-30", "%2e%2e", "日本語", "pröjekt", "1e", "E5", "e+", "Ã", "Âme", "🦊",
      ])
  }

  @Test("A character that can't be seen is doubted")
  func invisible() {
    expect(
      .invisibleCharacter,
      about: [
        "p\u{200B}1", "\u{FEFF}p1", "\u{FEFF}\"1001\"", "\u{FEFF}project_id", "p1\u{200E}", "p\u{AD}1", "p\u{A0}1",
        "p\u{2003}1", "p\u{3000}1", "p\u{2028}1", "p\u{3164}", "p\u{202E}1", "é\u{2060}",
      ])
  }

  @Test("A number that a spreadsheet or a data frame has shortened is doubted")
  func shortened() {
    expect(
      .spreadsheetNumber,
      about: [
        "1.23E+19", "1,23E+19", "1.23457E+11", "9E+10", "1e+19", "1.0E+100", "0.5E+10", "1e+05", "1.23E+9", "1.23E19",
        "1.23E-19", "-1.5e+20", "123456789012345000", "1234567890123450000000",
      ])
  }

  @Test("An ID that has become a number with a fraction or groups of digits is doubted")
  func formatted() {
    expect(
      .formattedNumber,
      about: [
        "1001.0", "1001.00", "1001,0", "1001.5", "-1001.0", "1,001", "1.001", "1,234,567", "1.234.567", "1 001",
        "1 234 567", "1'001", "1'234'567.50", "1,001.00", "1.001,00", "$1001", "$1,001.00", "100100%", "12345678.0",
      ])
  }

  @Test("A date or a time is doubted")
  func dates() {
    expect(
      .date,
      about: [
        "2026-01-05", "2026-01-05 00:00:00", "2026-01-05T10:30:00", "2026-01-05T10:30:00Z", "2026/1/5", "05/01/2026",
        "5/1/26", "05-01-2026", "05.01.2026", "2-Jan", "02-ene", "2-ene-26", "02-Jan-2026", "mar-26", "Dez-2026",
        "12:30", "12:30:00", "3:00 PM", "05/01/2026 10:30",
      ])
  }

  @Test("An error and a missing value are doubted, in any case")
  func missing() {
    expect(
      .missingValue,
      about: [
        "nan", "NaN", "NAN", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#¡VALOR!", "#NOMBRE?",
        "########", "#", "# a comment", "null", "NULL", "None", "nil", "N/A", "n/a", "NA", "<NA>", "NaT", "undefined",
        "inf", "-inf", "Infinity", "true", "FALSE", "Verdadero", "\\N", "(null)", "(vacío)", "[object Object]", "-",
        "---", "------+-----", "?", "(3 rows)", "(12 filas)",
      ])
  }

  @Test("Quotes, a formula or a URL around an ID are doubted")
  func decorated() {
    expect(
      .decoration,
      about: [
        "'1001", "'007", "=\"1001\"", "=1001", "=A1", "\"1001\"", "1001\"", "`p1`",
        "https://app.example.com/projects/1",
      ])
  }

  @Test("A character that stands for another is doubted")
  func replaced() {
    expect(
      .replacedCharacter,
      about: [
        "ï»¿1001", "proyecto–1", "caf\u{FFFD}", "JosÃ©", "â€œp1", "‘p1’", "１００１", "p−1", "p1…",
      ])
  }

  @Test("A space or a delimiter inside is doubted")
  func several() {
    expect(
      .severalValues,
      about: ["a b", "1001 Ana", "1001;Ana", "1001|", "a,b", "1001, 1002", "1,2,3E+19", "2 rows", "12 345 6"])
  }

  @Test("The name of an ID column is doubted, and that of the list's own")
  func columnNames() {
    expect(.columnName, about: ["project_id", "Project ID", "id", "ID de proyecto", "proyecto"])
    #expect(ProjectIDCheck.doubt(about: "Code", column: "Code") == .columnName)
    #expect(ProjectIDCheck.doubt(about: "Code", column: "code") == nil)
    #expect(ProjectIDCheck.doubt(about: "Code") == nil)
  }

  @Test("What was protected from spreadsheets is not taken for what they would have made of it")
  func restored() {
    for id in ["1.23E+19", "1001.0", "2026-01-05", "TRUE", "=1+2", "#N/A"] {
      #expect(ProjectIDCheck.doubt(about: id) != nil)
      #expect(ProjectIDCheck.doubt(about: id, isRestored: true) == nil)
    }
    #expect(ProjectIDCheck.doubt(about: "p\u{200B}1", isRestored: true) == .invisibleCharacter)
  }

  @Test("Each doubt has a key, a label and a sentence of its own")
  func texts() {
    let all = ProjectIDCheck.Doubt.allCases
    #expect(Set(all.map { "\($0.key)" }).count == all.count)
    #expect(Set(all.map(\.label)).count == all.count)
    #expect(Set(all.map(\.description)).count == all.count)
    #expect(all.allSatisfy { $0.label.count <= 16 && $0.description.hasPrefix("the ID ") })
  }
}
