import Foundation
import InventoryModel
import TestSupport
import Testing

@Suite("The list's other columns as stored")
struct InputCellsTests {
  @Test("Cells are a JSON object in the list's order")
  func form() {
    let json = InputCells.json(columns: ["team", "note", "city"], cells: ["A \"1\"", nil, ""])
    #expect(json == #"{"team":"A \"1\"","note":null,"city":""}"#)
    #expect(InputCells.json(columns: [], cells: []) == "{}")
  }

  @Test("Every cell is read back as it was, and null stays apart from empty")
  func roundTrip() throws {
    // Foundation drops a mark that a text begins with, so that its tests can't have this one.
    let texts = nastyTexts + ["\u{FEFF}mark"]
    let cells = texts.flatMap { [$0, nil] }
    let columns = cells.indices.map { "column \($0) \(texts[$0 / 2])" }
    let read = try #require(InputCells.cells(json: InputCells.json(columns: columns, cells: cells)))
    #expect(read.map { $0.map { Array($0.unicodeScalars) } } == cells.map { $0.map { Array($0.unicodeScalars) } })
    #expect(InputCells.cells(json: "{}") == [])
  }

  @Test("Foundation reads the same cells", arguments: nastyTexts)
  func foundation(text: String) throws {
    let json = InputCells.json(columns: ["text", "none"], cells: [text, nil])
    let read = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect((read["text"] as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
    #expect(read["none"] is NSNull)
  }

  @Test(
    "A text of another form has no cells",
    arguments: [
      "", "null", "[]", "{", "}", "{}}", #"{"a":1}"#, #"{"a":true}"#, #"{"a":{}}"#, #"{"a":[null]}"#,
      #"{"a":"b",}"#, #"{"a":"b""#, #"{"a":"b}"#, #"{"a"}"#, #"{a:"b"}"#,
      #"{"a":nul}"#, #"{"a":nulll}"#, #"{"a":"b" "c":"d"}"#, #"{"a":"\x"}"#, #"{"a":"\u12"}"#,
      #"{"a":"\u+00a"}"#, #"{"a":"\u-000"}"#, #"{"a":"\"#,
    ])
  func otherForms(json: String) {
    #expect(InputCells.cells(json: json) == nil)
  }
}
