import ProjectList
import Testing

@Suite("Finding the ID column")
struct IDColumnTests {
  @Test(
    "Every usual name is known, in any case and however its words are joined",
    arguments: [
      "project_id", "projectId", "ProjectID", "PROJECT-ID", "Project ID", "project\u{A0}id", "projectid", "id_project",
      "ID de proyecto", "id_de_proyecto", "ID del Proyecto", "proyecto_id", "ID do projeto", "ID de Projeto",
      "projeto_id", "\u{200B}project_id",
      "project", "Projects", "id", "ID", "Ids", "brain_id", "brainId", "Brain", "proyecto", "id_proyecto",
      "Proyecto ID", "projeto", "id_projeto", "PROJETO-ID", "\"project_id\"", " project_id ", "\u{A0}Project ID\t",
    ])
  func usualNames(name: String) throws {
    let beside = try ReadList("team,\(name)\nA,p1\n")
    #expect(beside.ids == ["p1"])
    #expect(beside.inputColumns == ["team"])
    let alone = try ReadList("\(name)\np1\n")
    #expect(alone.hasHeader)
    #expect(alone.ids == ["p1"])
  }

  @Test(
    "A certain name wins over the usual ones",
    arguments: [
      ("id,project,project_id", "c"), ("brain_id,name,Project ID", "c"), ("project_id,id,id_proyecto", "a"),
      ("ID de proyecto,Proyecto,id", "a"), ("Projeto,ID do projeto,Cliente", "b"),
    ])
  func certainName(header: String, id: String) throws {
    let list = try ReadList("\(header)\na,b,c\n")
    #expect(list.ids == [id])
    #expect(list.inputColumns.count == 2)
  }

  @Test("A doubled certain name is no choice either")
  func doubledName() throws {
    #expect(
      try refusal(of: "project_id,project_id\na,b\n")
        == .ambiguousIDColumn(place(1), candidates: ["project_id", "project_id_2"]))
    #expect(
      try refusal(of: "ProjectId,project_id\na,b\n")
        == .ambiguousIDColumn(place(1), candidates: ["ProjectId", "project_id"]))
  }

  @Test("Several usual names are no choice that a program should make")
  func ambiguous() throws {
    #expect(
      try refusal(of: "\nid,name,Project\n1,a,p1\n")
        == .ambiguousIDColumn(place(2), candidates: ["id", "Project"]))
    #expect(try refusal(of: "id,id\n1,2\n") == .ambiguousIDColumn(place(1), candidates: ["id", "id_2"]))
  }

  @Test("A header without a known name is refused with what it has")
  func missing() throws {
    #expect(
      try refusal(of: "name,,owner\na,b,c\n")
        == .noIDColumn(place(1), header: ["name", "column_2", "owner"]))
  }

  @Test(
    "A column is chosen by name, as written or else in any spelling",
    arguments: [
      ("Code", "c1"), ("code", "c2"), ("CODE", "c1"), ("customer id", "c3"), ("Customer_ID", "c3"), ("id", "c4"),
      ("Code_2", "c5"), ("column_6", "c6"),
    ])
  func byName(name: String, id: String) throws {
    let list = try ReadList(
      "Code,code,Customer ID,id,Code,\nc1,c2,c3,c4,c5,c6\n", options: ListReadingOptions(idColumn: .name(name)))
    #expect(list.ids == [id])
    #expect(list.inputColumns.count == 5)
    #expect(!list.inputColumns.contains(list.idColumnName))
  }

  @Test("A column is chosen by number, counted from 1", arguments: [(1, "a"), (2, "b"), (3, "c")])
  func byNumber(number: Int, id: String) throws {
    let options = ListReadingOptions(idColumn: .number(number))
    #expect(try ReadList("project_id,id,name\na,b,c\n", options: options).ids == [id])
  }

  @Test("A name that is not there is refused with those that are")
  func unknownName() throws {
    let options = ListReadingOptions(idColumn: .name("Code"))
    #expect(
      try refusal(of: "project_id,name\np1,a\n", options: options)
        == .unknownIDColumn(place(1), name: "Code", header: ["project_id", "name"]))
    #expect(
      try refusal(of: "p1\np2\n", options: options)
        == .unknownIDColumn(place(1), name: "Code", header: ["column_1"]))
  }

  @Test("A number that is not there is refused with how many there are", arguments: [0, 3, -1])
  func numberOutOfRange(number: Int) throws {
    let options = ListReadingOptions(idColumn: .number(number))
    #expect(
      try refusal(of: "project_id,name\np1,a\n", options: options)
        == .idColumnOutOfRange(place(1), number: number, columns: 2))
  }
}
