import InventoryModel
import Testing

@Suite("A list's digest")
struct ListDigestTests {
  private static let columns = ["owner", "team"]
  private static let rows = [
    ListRow(line: 2, projectID: "a", input: ["Ana", "red"], credential: nil),
    ListRow(line: 3, projectID: "b", input: ["", nil], credential: "x"),
  ]

  private func digest(_ columns: [String] = columns, _ rows: [ListRow] = rows) -> String {
    var digest = ListDigest(inputColumns: columns)
    for row in rows { digest.add(row) }
    return digest.text
  }

  @Test("is the same for the same rows")
  func same() {
    #expect(digest() == digest())
  }

  @Test("is another when anything that is read of the list is another")
  func different() {
    var digests = [digest(), digest(["owner", "teams"]), digest(["ownert", "eam"]), digest(Self.columns, [])]
    digests.append(digest(Self.columns, Self.rows.reversed()))
    let changes: [(inout ListRow) -> Void] = [
      { $0.line = 4 }, { $0.projectID = "c" }, { $0.projectID = "" }, { $0.input = [nil, nil] },
      { $0.input = ["", ""] },
      { $0.input = ["", nil, nil] }, { $0.credential = nil }, { $0.credential = "" }, { $0.credential = "y" },
    ]
    for change in changes {
      var rows = Self.rows
      change(&rows[1])
      digests.append(digest(Self.columns, rows))
    }
    #expect(Set(digests).count == digests.count)
  }
}
