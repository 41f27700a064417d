import DelimitedText
import InventoryModel
import ProjectList
import Testing

@Suite("Large lists")
struct LargeListTests {
  /// Counts the bytes that a list has taken from its source.
  final class Meter {
    var bytes = 0
  }

  /// Makes the rows of a list when they are asked for, 1000 a piece, with a last line of its own.
  struct GeneratedList: ByteSource {
    let rows: Int
    var lastLine = ""
    var meter = Meter()
    private var made = -1

    init(rows: Int, lastLine: String = "") {
      self.rows = rows
      self.lastLine = lastLine
    }

    mutating func next() -> [UInt8]? {
      guard made <= rows else { return nil }
      var text = ""
      if made < 0 {
        text = "project_id,name\n"
        made = 0
      }
      let end = min(made + 1000, rows)
      while made < end {
        made += 1
        text += "project-\(made),\"Name, no. \(made)\"\n"
      }
      if made == rows {
        made += 1
        text += lastLine
      }
      meter.bytes += text.utf8.count
      return text.isEmpty ? nil : Array(text.utf8)
    }
  }

  @Test("200,000 rows stream through")
  func streams() throws {
    let source = GeneratedList(rows: 200_000)
    var list = try ProjectListReader(source, path: "projects.csv")
    let sampled = source.meter.bytes
    #expect(sampled < 2 * ProjectListReader.sampleSize)
    #expect(try list.next() == ListRow(line: 2, projectID: "project-1", input: ["Name, no. 1"]))
    #expect(source.meter.bytes == sampled)

    var count = 1
    var last: ListRow?
    while let row = try list.next() {
      count += 1
      last = row
    }
    #expect(count == 200_000)
    #expect(last == ListRow(line: 200_001, projectID: "project-200000", input: ["Name, no. 200000"]))
  }

  @Test(
    "What is wrong after 50,000 rows is told by its line, and the rows before it are read",
    arguments: [
      ("\"unclosed\n", .malformed(path: "projects.csv", .unclosedQuote(line: 50_002))),
      ("p,\"a\"b\n", .malformed(path: "projects.csv", .textAfterQuote(line: 50_002))),
      ("p,a\n\0", .malformed(path: "projects.csv", .nul(line: 50_003))),
      ("p,a,b\n", .surplusCells(place(50_002), cells: 3, columns: 2)),
    ] as [(String, ListError)])
  func malformedLate(lastLine: String, error: ListError) throws {
    var list = try ProjectListReader(GeneratedList(rows: 50_000, lastLine: lastLine), path: "projects.csv")
    var count = 0
    #expect(throws: error) {
      while try list.next() != nil { count += 1 }
    }
    #expect(count >= 50_000)
  }
}
