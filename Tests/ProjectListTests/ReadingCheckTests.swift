import InventoryModel
import ProjectList
import Testing

@Suite("Whether a list is read as it was meant")
struct ReadingCheckTests {
  // MARK: Delimiters

  private static let delimiters: [(character: Character, byte: UInt8)] = [
    (",", UInt8(ascii: ",")), (";", UInt8(ascii: ";")), ("\t", UInt8(ascii: "\t")), ("|", UInt8(ascii: "|")),
  ]

  @Test("A given delimiter that does not fit is refused, with and without a header", arguments: delimiters)
  func givenDelimiter(fitting: (character: Character, byte: UInt8)) throws {
    for given in Self.delimiters where given.byte != fitting.byte {
      for header in ["project_id,name\n", ""] {
        let text = (header + "1001,Ana Ruiz\n1002,Bea\n1003,Carla\n").replacing(",", with: String(fitting.character))
        let options = ListReadingOptions(delimiter: given.byte)
        #expect(
          try refusal(of: text, options: options)
            == .delimiterInsideIDs(place(1), delimiter: given.byte, other: fitting.byte))
        let noHeader = ListReadingOptions(idColumn: .number(1), delimiter: given.byte, hasNoHeader: true)
        #expect(
          try refusal(of: text, options: noHeader)
            == .delimiterInsideIDs(place(1), delimiter: given.byte, other: fitting.byte))
      }
    }
  }

  @Test(
    "A header of one cell over rows of several is refused",
    arguments: ["project_id\n1001;Ana\n1002;Bea\n", "My projects\n1001|a\n1002|b\n", "id\n1001;\n1002;\n1003\n"])
  func oneHeaderCell(text: String) throws {
    guard case .delimiterInsideIDs = try refusal(of: text) else { return #expect(Bool(false), "\(text)") }
  }

  @Test("Where names contain the given delimiter, the IDs still are whole lines")
  func severalColumns() throws {
    let text = "project_id;name, first\n1001;Ruiz, Ana\n1002;Roe, Jo\n"
    let options = ListReadingOptions(idColumn: .number(1), delimiter: UInt8(ascii: ","))
    #expect(
      try refusal(of: text, options: options)
        == .delimiterInsideIDs(place(1), delimiter: UInt8(ascii: ","), other: UInt8(ascii: ";")))
  }

  @Test("A delimiter in a few IDs, in quoted cells, and tabs around IDs are read")
  func fewDelimiters() throws {
    #expect(try ReadList("project_id\np1\np2\na;b\n").ids == ["p1", "p2", "a;b"])
    #expect(try ReadList("project_id\n\"a;b\"\n\"c;d\"\n").ids == ["a;b", "c;d"])
    #expect(try ReadList("\tp1\t\n\tp2\t\n").ids == ["p1", "p2"])
    #expect(try ReadList("project_id,name\na|b,x\nc|d,y\n").ids == ["a|b", "c|d"])
  }

  // MARK: Headers

  private static let lists = [
    "1001,Ana\n1002,Bea\n1003,Carla\n", "p1,Acme\np2,Globex\n", "p1,Acme\n", "Ana,1001\nBea,1002\n",
    "64820f215e3ab176d9af34b8,Camila\n63cc9049ba1222bec41457c4,Bea\n",
    "c7799058-2fe4-4685-a993-b7a41c9fba41;a\n0d7ccf2a-6e94-4b9c-93f5-9a2c30e8e1b0;b\n", "ABCD,x\nEFGH,y\nIJKL,z\n",
  ]

  @Test("Several columns that begin with a row are refused, and the advice keeps that row", arguments: lists)
  func rowInsteadOfHeader(text: String) throws {
    let error = try refusal(of: text)
    #expect(error == .rowInsteadOfHeader(place(1)))
    #expect(error.description.contains("--no-header --id-column N"))
    let number = text.hasPrefix("Ana") ? 2 : 1
    let list = try ReadList(text, options: ListReadingOptions(idColumn: .number(number), hasNoHeader: true))
    #expect(list.rows.count == text.count { $0 == "\n" })
  }

  @Test("A name that is not there is not looked for in a row")
  func unknownName() throws {
    let options = ListReadingOptions(idColumn: .name("Code"))
    #expect(try refusal(of: "1001,Ana\n1002,Bea\n", options: options) == .rowInsteadOfHeader(place(1)))
  }

  @Test(
    "A chosen column whose header looks like its IDs is refused",
    arguments: [
      (1, "1001,Ana\n1002,Bea\n"), (1, "p1,Acme\np2,Globex\np3,Initech\n"), (2, "Ana,1001\nBea,1002\n"),
      (1, "9,Ana\n10,Bea\n11,Carla\n12,Dora\n"), (1, "64820f215e3ab176d9af34b8,a\n63cc9049ba1222bec41457c4,b\n"),
      (1, "AB-12,a\nCD-34,b\n"), (1, "abcd,x\nefgh,y\n"),
      (1, "1001,a\n1002,b\n1003,c\nsome-slug,d\nother-slug-x,e\nmore-slugs,f\nlast,g\nand,h\n"),
    ])
  func idInsteadOfHeader(column: Int, text: String) throws {
    let options = ListReadingOptions(idColumn: .number(column))
    #expect(try refusal(of: text, options: options) == .idInsteadOfHeader(place(1), column: column))
    let whole = ListReadingOptions(idColumn: .number(column), hasNoHeader: true)
    #expect(try ReadList(text, options: whole).rows.count == text.count { $0 == "\n" })
  }

  @Test("So is one that is chosen by what stands there")
  func byValue() throws {
    #expect(
      try refusal(of: "p1,Acme\np2,Globex\n", options: ListReadingOptions(idColumn: .name("p1")))
        == .idInsteadOfHeader(place(1), column: 1))
  }

  @Test("A known name that most rows repeat is no header")
  func repeatedName() throws {
    #expect(
      try refusal(of: "1001,project\n1002,project\n1003,project\n") == .idInsteadOfHeader(place(1), column: 2))
  }

  @Test(
    "A header is taken for one",
    arguments: [
      (1, "Code,name\nc1,a\nc2,b\n"), (1, "code,name\nabc,x\nde,y\n"), (2, "name,ID 2\nx,77\ny,78\n"),
      (1, "id,name\nab,x\ncd,y\n"), (1, "0,1\n1001,a\n1002,b\n"), (1, "clave,x\nNORTE,1\n"),
    ])
  func header(column: Int, text: String) throws {
    let list = try ReadList(text, options: ListReadingOptions(idColumn: .number(column)))
    #expect(list.hasHeader)
    #expect(list.rows.count == text.count { $0 == "\n" } - 1)
  }

  @Test("Where a header can't be told from an ID, a warning says how it was read")
  func doubtfulHeader() throws {
    let text = "hotel-palma,Ana\nclinica-norte,Bea\nbanco-sur,Carla\n"
    let list = try ReadList(text, options: ListReadingOptions(idColumn: .number(1)))
    #expect(list.warnings.count == 1)
    #expect(list.warnings[0].hasPrefix("projects.csv line 1: this line is read as the header"))
    #expect(try ReadList("Code,name\nc1,a\n", options: ListReadingOptions(idColumn: .number(1))).warnings == [])
  }

  @Test("A first line that could be the header of the only column is warned of")
  func unknownHeader() throws {
    let list = try ReadList("Código\n1001\n1002\n")
    #expect(list.ids == ["Código", "1001", "1002"])
    #expect(list.warnings.count == 1)
    #expect(list.warnings[0].hasPrefix("projects.csv line 1: the first line is read as an ID"))
    for text in ["alpha\nbeta\n", "1001\n1002\n", "project_id\n1001\n"] {
      #expect(try ReadList(text).warnings == [])
    }
    #expect(try ReadList("Código\n1001\n", options: ListReadingOptions(hasNoHeader: true)).warnings == [])
  }

  // MARK: Reserved columns

  @Test(
    "A column whose name is near a reserved one is warned of",
    arguments: [
      ("credentials", "credential"), ("credencial", "credential"), ("Credenciales", "credential"),
      ("credential_name", "credential"), ("expected_webhok", "expected_webhook"),
      ("webhook_expected", "expected_webhook"), ("webhookExpected", "expected_webhook"),
      ("expected webhook url", "expected_webhook"), ("webhook esperado", "expected_webhook"),
      ("expectedwebhooks", "expected_webhook"),
    ])
  func nearMiss(name: String, meant: String) throws {
    let list = try ReadList("project_id,\(name)\np1,x\n")
    #expect(list.inputColumns == [name])
    #expect(list.warnings.count == 1)
    #expect(list.warnings[0].contains("the column \(name) is only copied to the reports; to use it as \(meant)"))
    #expect(try ReadList("project_id,\(name),\(meant)\np1,x,y\n").warnings == [])
  }

  @Test(
    "Other names are not",
    arguments: [
      "webhook_url", "name", "owner", "team", "notes", "expected", "webhook", "essential", "expected_webhook",
    ])
  func otherNames(name: String) throws {
    #expect(try ReadList("project_id,\(name)\np1,x\n").warnings == [])
  }

  @Test("Two columns with the name of one that is reserved are warned of")
  func twice() throws {
    let list = try ReadList("project_id,Credential,credential\np1,a,b\n")
    #expect(list.rows.map(\.credential) == ["b"])
    #expect(
      list.warnings.first
        == "projects.csv line 1: columns 3 and 2 have the same name; only column 3 is used as credential")
    #expect(list.warnings.count == 1)
  }

  // MARK: What is shown

  @Test("The first three IDs are those that the rows have")
  func firstIDs() throws {
    #expect(try ReadList("project_id,name\n p1 ,a\n\n,x\np3,b\np4,c\n").firstIDs == ["p1", "", "p3"])
    #expect(try ReadList("p1\np2\n").firstIDs == ["p1", "p2"])
    let long = "project_id\n" + (1...20_000).map { "p\($0)\n" }.joined()
    #expect(try ReadList(long).firstIDs == ["p1", "p2", "p3"])
    // The sample ends within the second ID.
    let cut = "project_id,name\np1,\(String(repeating: "x", count: 65_510))\np-second,b\n"
    #expect(try ReadList(cut).firstIDs == ["p1"])
    #expect(try ReadList(cut).ids == ["p1", "p-second"])
  }
}
