import InventoryModel
import ProjectList
import Testing

@Suite("Finding the delimiter")
struct DelimiterDetectionTests {
  private static let delimiters: [Character] = [",", ";", "\t", "|"]

  @Test("Each delimiter is found", arguments: delimiters)
  func found(delimiter: Character) throws {
    let list = try ReadList("name,project_id,city\nA,p1,Lima\nB,p2,Cali\n".replacing(",", with: String(delimiter)))
    #expect(list.delimiter == delimiter)
    #expect(list.ids == ["p1", "p2"])
    #expect(list.inputColumns == ["name", "city"])
  }

  @Test("The other delimiters inside quoted cells do not matter", arguments: delimiters)
  func insideQuotes(delimiter: Character) throws {
    let cell = "\"" + String(repeating: "a,b;c\td|e", count: 5) + "\""
    let list = try ReadList("\(cell)\(delimiter)project_id\n\(cell)\(delimiter)p1\n\(cell)\(delimiter)p2\n")
    #expect(list.delimiter == delimiter)
    #expect(list.ids == ["p1", "p2"])
  }

  @Test("The other delimiters inside plain text do not matter", arguments: delimiters)
  func insideText(delimiter: Character) throws {
    let others = String(Self.delimiters.filter { $0 != delimiter })
    let text = (1...20).map { "p\($0)\(delimiter)Acme\(others) Inc\(others)\n" }.joined()
    let list = try ReadList("project_id\(delimiter)name (first\(others)last)\n" + text)
    #expect(list.delimiter == delimiter)
    #expect(list.ids == (1...20).map { "p\($0)" })
  }

  @Test("Without a known name the steadiest columns win")
  func steadiest() throws {
    let text = "codigo;razon social, ciudad\nc1;Acme\nc2;Globex, S.A., Quito\nc3;Initech\n"
    let list = try ReadList(text, options: ListReadingOptions(idColumn: .number(1)))
    #expect(list.delimiter == ";")
    #expect(list.ids == ["c1", "c2", "c3"])
  }

  @Test("The name that was asked for counts as a known one")
  func askedName() throws {
    let text = "code;last, first\nc1;Roe, Jo\nc2;Doe, Al\n"
    let list = try ReadList(text, options: ListReadingOptions(idColumn: .name("Code")))
    #expect(list.delimiter == ";")
    #expect(list.ids == ["c1", "c2"])
  }

  @Test("A delimiter that was given is used, and others in quoted cells are text")
  func given() throws {
    let options = ListReadingOptions(delimiter: UInt8(ascii: ";"))
    let list = try ReadList("\"a,b\"\n\"c,d\"\n", options: options)
    #expect(list.ids == ["a,b", "c,d"])
    #expect(list.delimiter == ";")
  }

  @Test("Blank lines above the header and ragged rows below it do not mislead")
  func ragged() throws {
    let list = try ReadList("\r\n\r\nproject_id;name;city\r\np1;a\r\np2\r\np3;b, c;d\r\n")
    #expect(list.delimiter == ";")
    #expect(list.ids == ["p1", "p2", "p3"])
  }

  @Test("A sample that ends within a quoted cell is enough")
  func cutSample() throws {
    let long = String(repeating: "x, y\n", count: 20_000)
    let list = try ReadList("project_id;note\np1;short\np2;\"\(long)\"\np3;end\n")
    #expect(list.delimiter == ";")
    #expect(list.rows.map(\.line) == [2, 3, 20_004])
    #expect(list.rows.map(\.input) == [["short"], [long], ["end"]])
  }

  @Test("A text that nothing divides is one column")
  func oneColumn() throws {
    #expect(try ReadList("p1\np2\n").delimiter == ",")
  }
}
