import DelimitedText
import InventoryModel
import Testing

@testable import ProjectList

/// A list that was read to its end.
struct ReadList {
  var hasHeader: Bool
  var delimiter: Character
  var encoding: TextEncoding
  var idColumnName: String
  var inputColumns: [String]
  var firstIDs: [String]
  var warnings: [String]
  var rows: [ListRow]

  init(_ bytes: [UInt8], options: ListReadingOptions = ListReadingOptions()) throws {
    var list = try ProjectListReader(BytesInMemory(bytes), path: "projects.csv", options: options)
    hasHeader = list.hasHeader
    delimiter = Character(Unicode.Scalar(list.delimiter))
    encoding = list.encoding
    idColumnName = list.idColumnName
    inputColumns = list.inputColumns
    firstIDs = list.firstIDs
    rows = []
    while let row = try list.next() { rows.append(row) }
    warnings = list.warnings
  }

  init(_ text: String, options: ListReadingOptions = ListReadingOptions()) throws {
    try self.init(Array(text.utf8), options: options)
  }

  var ids: [String] { rows.map(\.projectID) }
}

/// Why a list can't be used; records an issue when it can.
func refusal(of text: String, options: ListReadingOptions = ListReadingOptions()) throws -> ListError {
  try refusal(of: Array(text.utf8), options: options)
}

func refusal(of bytes: [UInt8], options: ListReadingOptions = ListReadingOptions()) throws -> ListError {
  try #require(#expect(throws: ListError.self) { try ReadList(bytes, options: options) })
}

/// The bytes that a text of the characters U+0000 to U+00FF stands for.
func rawBytes(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }

/// `projects.csv` at a line.
func place(_ line: Int) -> ListError.Place { ListError.Place(path: "projects.csv", line: line) }
