import DelimitedText
import InventoryModel
import ProjectList
import Testing

@Suite("The list's header")
struct HeaderTests {
  @Test(
    "One column whose first cell is no known name is a list without header",
    arguments: ["p1\np2\n", "code\np2\n", "\n\np1\n\np2", "\"p1\"\r\n\"p2\"\r\n", "007\n8\n"])
  func oneColumnWithoutHeader(text: String) throws {
    let list = try ReadList(text)
    #expect(!list.hasHeader)
    #expect(list.rows.count == 2)
    #expect(list.idColumnName == "column_1")
    #expect(list.inputColumns == [])
  }

  @Test("One column under a known name has a header")
  func oneColumnWithHeader() throws {
    let list = try ReadList("Project ID\np1\np2\n")
    #expect(list.hasHeader)
    #expect(list.rows == [ListRow(line: 2, projectID: "p1"), ListRow(line: 3, projectID: "p2")])
    #expect(list.idColumnName == "Project ID")
  }

  @Test("One column under the name that was asked for has a header")
  func oneColumnByName() throws {
    let list = try ReadList("Code\np1\n", options: ListReadingOptions(idColumn: .name("code")))
    #expect(list.hasHeader)
    #expect(list.ids == ["p1"])
  }

  @Test("Without a header the first row is data even if it looks like one")
  func noHeader() throws {
    let list = try ReadList("project_id\np1\n", options: ListReadingOptions(hasNoHeader: true))
    #expect(list.ids == ["project_id", "p1"])
    #expect(list.rows.map(\.line) == [1, 2])
  }

  @Test("Without a header every column is called by its number")
  func noHeaderColumns() throws {
    let options = ListReadingOptions(idColumn: .number(2), hasNoHeader: true)
    let list = try ReadList("credential,p1,c\nx,p2,y\n", options: options)
    #expect(list.idColumnName == "column_2")
    #expect(list.inputColumns == ["column_1", "column_3"])
    #expect(
      list.rows == [
        ListRow(line: 1, projectID: "p1", input: ["credential", "c"]),
        ListRow(line: 2, projectID: "p2", input: ["x", "y"]),
      ])
  }

  @Test("Without a header several columns need to be told which one has the IDs")
  func noHeaderNoColumn() throws {
    #expect(
      try refusal(of: "project_id,name\np1,a\n", options: ListReadingOptions(hasNoHeader: true))
        == .noIDNumber(place(1), columns: 2))
  }

  @Test(
    "Double names are numbered and empty ones called by their place",
    arguments: [
      ("project_id,name,name,name", ["name", "name_2", "name_3"]),
      ("project_id,,\" \",x", ["column_2", "column_3", "x"]),
      ("project_id,a,a,a_2", ["a", "a_2", "a_2_2"]),
      ("project_id,a,a_2,a", ["a", "a_2", "a_3"]),
      ("project_id,,column_2,", ["column_2", "column_2_2", "column_4"]),
      ("project_id, name ,\tname,Name", ["name", "name_2", "Name"]),
      ("project_id,\"two\nlines\",x,y", ["two\nlines", "x", "y"]),
    ])
  func names(header: String, names: [String]) throws {
    #expect(try ReadList("\(header)\np1,a,b,c\n").inputColumns == names)
  }

  @Test(
    "The credential column is used and not passed through",
    arguments: ["credential", "Credential", " CREDENTIAL ", "Cred-ential", "credential\u{200B}"])
  func credential(name: String) throws {
    let list = try ReadList("project_id,team,\(name)\np1,A,main\np2,B,\np3,C\np4,D, spare \np5,E,\u{A0}\n")
    #expect(list.inputColumns == ["team"])
    #expect(list.rows.map(\.credential) == ["main", nil, nil, "spare", nil])
    #expect(list.rows.map(\.input) == [["A"], ["B"], ["C"], ["D"], ["E"]])
  }

  @Test("A credential column that holds the IDs names no credential")
  func credentialAsIDs() throws {
    let list = try ReadList("credential,team\np1,A\n", options: ListReadingOptions(idColumn: .number(1)))
    #expect(list.rows == [ListRow(line: 2, projectID: "p1", input: ["A"])])
  }
}
