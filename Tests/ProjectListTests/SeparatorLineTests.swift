import InventoryModel
import ProjectList
import Testing

@Suite("A first line sep=X")
struct SeparatorLineTests {
  @Test(
    "names the delimiter and is no row",
    arguments: [
      ("sep=;", ";"), ("sep=,", ","), ("sep=|", "|"), ("sep=\t", "\t"), ("\"sep=;\"", ";"), ("\"sep=\t\"", "\t"),
      ("SEP=;", ";"), ("sep=; ", ";"), ("\u{FEFF}sep=;", ";"), ("sep=\\t", "\t"), ("sep=;;;", ";"), ("sep=:", ":"),
      ("sep=^", "^"), ("sep= ", " "), ("\"sep=;\" ", ";"),
    ] as [(String, Character)])
  func delimiters(line: String, delimiter: Character) throws {
    let text = "project_id,name\np1,Ana\np2,Bea\n".replacing(",", with: String(delimiter))
    for end in ["\n", "\r\n", "\r", "\n\n", "\r\n \r\n"] {
      let list = try ReadList(line + end + text)
      #expect(list.delimiter == delimiter)
      #expect(list.ids == ["p1", "p2"])
      #expect(list.firstIDs == ["p1", "p2"])
      #expect(list.inputColumns == ["name"])
      let above = end.count { $0.isNewline }
      #expect(list.rows.map(\.line) == [above + 2, above + 3])
    }
  }

  @Test("is no row of a list without header, of one column, or with another delimiter given")
  func otherLists() throws {
    #expect(try ReadList("sep=;\np1\np2\n").ids == ["p1", "p2"])
    let options = ListReadingOptions(idColumn: .number(2), hasNoHeader: true)
    #expect(try ReadList("sep=;\na;p1\nb;p2\n", options: options).ids == ["p1", "p2"])
    let comma = ListReadingOptions(delimiter: UInt8(ascii: ","))
    #expect(try ReadList("sep=;\nproject_id,name\np1,a\n", options: comma).ids == ["p1"])
    #expect(
      try refusal(of: "sep=,\nproject_id;name\np1;a\np2;b\n")
        == .delimiterInsideIDs(place(2), delimiter: UInt8(ascii: ","), other: UInt8(ascii: ";")))
  }

  @Test(
    "that names no delimiter is refused",
    arguments: ["sep=", "sep=;,", "sep=a", "sep=tab", "\"sep=;", "sep=\"", "sep=§", "\"sep=;\",,"])
  func unusable(line: String) throws {
    #expect(try refusal(of: "\n\(line)\np1;a\n") == .unusableSeparatorLine(place(2)))
  }

  @Test("is a row further down, and other texts are rows anywhere")
  func rows() throws {
    #expect(try ReadList("p1\nsep=;\n").ids == ["p1", "sep=;"])
    #expect(try ReadList("separate\np1\n").ids == ["separate", "p1"])
  }
}
