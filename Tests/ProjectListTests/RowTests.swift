import InventoryModel
import ProjectList
import Testing

@Suite("The list's rows")
struct RowTests {
  @Test("Short rows are filled with null, which is not empty")
  func shortRows() throws {
    let list = try ReadList("a,project_id,b,c\n1,p1,,3\n1,p2,\n1,p3\n1\n")
    #expect(
      list.rows == [
        ListRow(line: 2, projectID: "p1", input: ["1", "", "3"]),
        ListRow(line: 3, projectID: "p2", input: ["1", "", nil]),
        ListRow(line: 4, projectID: "p3", input: ["1", nil, nil]),
        ListRow(line: 5, projectID: "", input: ["1", nil, nil]),
      ])
  }

  @Test("Surplus cells are let pass when they are empty")
  func emptySurplus() throws {
    let list = try ReadList("project_id,name\np1,a,,,\np2,b,\"\"\n")
    #expect(list.rows.map(\.input) == [["a"], ["b"]])
  }

  @Test("Filled surplus cells are refused with their line")
  func filledSurplus() throws {
    #expect(
      try refusal(of: "project_id,name\np1,a\n\n\"p2\n\",Acme, Inc\n")
        == .surplusCells(place(4), cells: 3, columns: 2))
    #expect(try refusal(of: "p1\np2,x\n") == .surplusCells(place(2), cells: 2, columns: 1))
    #expect(try refusal(of: "project_id,name\np1,a,,x\n") == .surplusCells(place(2), cells: 4, columns: 2))
  }

  @Test(
    "Lines whose every cell is blank are skipped and counted as lines",
    arguments: ["   ", "\t", " , ", "\u{A0},\u{A0}", "\" \",\"\"", "\u{3000}", " ,\t,\u{A0},"])
  func linesOfBlanks(blank: String) throws {
    let list = try ReadList("\(blank)\nproject_id,name\n\(blank)\np1,a\n\(blank)\n\(blank)\np2,b\n\(blank)")
    #expect(list.ids == ["p1", "p2"])
    #expect(list.rows.map(\.line) == [4, 7])
    #expect(try ReadList("p1\n \n\t\n\u{A0}\np2\n").rows.map(\.line) == [1, 5])
  }

  @Test("Lines whose every cell is empty are skipped and counted as lines")
  func blankLines() throws {
    let list = try ReadList("\n,\nproject_id,name\n\n,,,\np1,a\n\"\",\"\"\n\r\np2,\n\n")
    #expect(list.rows.map(\.line) == [6, 9])
    #expect(list.ids == ["p1", "p2"])
  }

  @Test("A row without ID but with other cells stays a row")
  func emptyID() throws {
    let list = try ReadList("project_id,name\n,a\n \u{A0},b\n")
    #expect(list.ids == ["", ""])
    #expect(list.rows.map(\.input) == [["a"], ["b"]])
  }

  @Test("Line ends of any kind give the same rows", arguments: ["\n", "\r\n", "\r"])
  func lineEnds(lineEnd: String) throws {
    let lines = ["project_id,name", "p1,a", "", "p2,\"b", "c\"", "p3,d"]
    for text in [lines.joined(separator: lineEnd), lines.joined(separator: lineEnd) + lineEnd] {
      let list = try ReadList(text)
      #expect(
        list.rows == [
          ListRow(line: 2, projectID: "p1", input: ["a"]),
          ListRow(line: 4, projectID: "p2", input: ["b\(lineEnd)c"]),
          ListRow(line: 6, projectID: "p3", input: ["d"]),
        ])
    }
  }

  @Test("Mixed line ends give the same rows too")
  func mixedLineEnds() throws {
    let list = try ReadList("project_id,name\r\np1,a\np2,b\rp3,c")
    #expect(list.rows.map(\.line) == [2, 3, 4])
    #expect(list.ids == ["p1", "p2", "p3"])
  }

  @Test("A row's line is the physical one on which it begins")
  func lines() throws {
    let list = try ReadList("\"project\nid\",note\np1,\"one\ntwo\r\n\r\nthree\"\n\np2,\"\"\"\n\"\"\"\np3,x\n")
    #expect(list.rows.map(\.line) == [3, 8, 10])
    #expect(list.rows.map(\.input) == [["one\ntwo\r\n\r\nthree"], ["\"\n\""], ["x"]])
  }

  @Test(
    "IDs stay the text that they are",
    arguments: [
      "007", "12345678901234567890", "1.23E+19", "1e5", "+5", "-0", "0x1F", "1.50", "TRUE", "null", "2026-01-15",
      "=1+1", "../admin", "a b", "p\u{200B}1", "p\u{A0}1", "é", "e\u{301}", "'; DROP TABLE results; --", "50%",
      "5\" pipe",
    ])
  func textIDs(id: String) throws {
    let list = try ReadList("project_id,name\n\(id),a\n")
    #expect(list.ids.map { Array($0.unicodeScalars) } == [Array(id.unicodeScalars)])
  }

  @Test(
    "IDs lose spaces, tabs and no-break spaces around them, quoted or not",
    arguments: [" p1", "p1 ", "\tp1", "p1\t", "\u{A0}p1\u{A0}", " \t\u{A0}p1\u{A0}\t ", "\" p1 \"", "\"\u{A0}p1\" "])
  func trimmedIDs(cell: String) throws {
    #expect(try ReadList("name,project_id\na,\(cell)\n").ids == ["p1"])
    #expect(try ReadList("\(cell)\np2\n").ids == ["p1", "p2"])
  }

  @Test("Other cells keep their spaces, and duplicates their rows")
  func otherCells() throws {
    let list = try ReadList("project_id,name\np1, a \np1, a \n")
    #expect(list.ids == ["p1", "p1"])
    #expect(list.rows.map(\.input) == [[" a "], [" a "]])
  }
}
