import DelimitedText
import ProjectList
import Testing

@Suite("Lists that can't be used")
struct RefusedListTests {
  @Test(
    "A list without any text is refused",
    arguments: [
      "", "\n", "\r\n\r\n", "\n\n\n", ",,\n,,\n", "\"\"\n", "\u{FEFF}", "\u{FEFF}\n\n", "  \n\t\n", " , \u{A0},\n",
      "sep=;\n", "sep=;\n;;\n",
    ])
  func empty(text: String) throws {
    #expect(try refusal(of: text) == .empty(path: "projects.csv"))
    #expect(try refusal(of: text, options: ListReadingOptions(hasNoHeader: true)) == .empty(path: "projects.csv"))
  }

  @Test(
    "A list with a header alone is refused",
    arguments: ["project_id", "project_id\n", "project_id,name\r\n", "\nproject_id;name\n\n;\n\n", "\u{FEFF}id\n"])
  func headerOnly(text: String) throws {
    #expect(try refusal(of: text) == .headerOnly(path: "projects.csv"))
  }

  @Test(
    "Quotes that do not match are refused with the line where the cell began",
    arguments: [
      ("project_id,name\np1,a\np2,\"b\np3,c\n", .unclosedQuote(line: 3)),
      ("project_id,name\np1,\"a\" b\n", .textAfterQuote(line: 2)),
      ("\"project_id,name\np1,a\n", .unclosedQuote(line: 1)),
      ("project_id,\"name\"x\np1,a\n", .textAfterQuote(line: 1)),
    ] as [(String, DelimitedTextError)])
  func quotes(text: String, error: DelimitedTextError) throws {
    #expect(try refusal(of: text) == .malformed(path: "projects.csv", error))
  }

  @Test(
    "A message names the file, the line and what to do",
    arguments: [
      ("", "projects.csv: the list is empty; add one project ID per line, or a CSV with a project_id column"),
      ("project_id\n", "projects.csv: the list has a header but no rows; add one row per project"),
      (
        "name,owner\na,b\n",
        "projects.csv line 1: no ID column was found among name, owner; choose one with --id-column, "
          + "and add --no-header if this line is a row"
      ),
      (
        "\nid,brain\na,b\n",
        "projects.csv line 2: several columns may hold the IDs: id, brain; choose one with --id-column"
      ),
      (
        "id\nb,c\n",
        "projects.csv line 2: the row has 2 cells, but the list has 1 column; "
          + "quote cells that contain the delimiter, or set it with --delimiter"
      ),
      (
        "id,name\na,\"b\n",
        "projects.csv line 2: a field begins here with a quote that is never closed; "
          + "close it, or double it (\"\") if it is part of the text"
      ),
    ])
  func messages(text: String, message: String) throws {
    #expect(try refusal(of: text).description == message)
  }

  @Test(
    "A message about a chosen column says what there is to choose from",
    arguments: [
      (
        .name("Code"),
        "projects.csv line 1: there is no column Code; choose one of id, name with --id-column"
      ),
      (
        .number(3),
        "projects.csv line 1: there is no column 3: the list has 2 columns; choose one with --id-column, counted from 1"
      ),
    ] as [(ListReadingOptions.IDColumn, String)])
  func columnMessages(column: ListReadingOptions.IDColumn, message: String) throws {
    let error = try refusal(of: "id,name\na,b\n", options: ListReadingOptions(idColumn: column))
    #expect(error.description == message)
  }

  @Test("A message shows no more than twelve columns")
  func manyColumns() throws {
    let header = (1...13).map { "c\($0)" }.joined(separator: ",")
    let message = try refusal(of: "\(header)\nx\n").description
    #expect(message.contains("c11, c12, …; choose"))
  }

  @Test("Only a file that can't be reached is about access")
  func access() {
    #expect(ListError.cannotOpen(path: "a", reason: "b").isAboutAccess)
    #expect(ListError.cannotRead(path: "a", reason: "b").isAboutAccess)
    #expect(!ListError.empty(path: "a").isAboutAccess)
    #expect(!ListError.malformed(path: "a", .nul(line: 1)).isAboutAccess)
  }
}
