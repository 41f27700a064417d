/// Checks one part of a workbook's file, an XML document, while it is decompressed.
struct PartCheck {
  private static let sheetStart = Array("<sheetData>".utf8)

  /// The text before a sheet's rows, or the beginning of another part.
  private var head: [UInt8] = []
  /// Number of bytes of rows that are still to come; nil before the rows begin.
  private var rowsLeft: Int?
  private var rows: SheetContent
  /// The last bytes received, at most 64.
  private var tail: [UInt8] = []
  private var tags: TagCounter?
  /// The expected content of a sheet; nil for other parts.
  private let expected: SheetContent?
  private let expectedTags: Int

  static func sheetName(_ index: Int) -> String { "xl/worksheets/sheet\(index + 1).xml" }

  init(name: String, sheets: [SheetContent]) {
    let index = sheets.indices.first { Self.sheetName($0) == name }
    expected = index.map { sheets[$0] }
    rows = SheetContent(linkCount: expected?.linkCount ?? 0)
    if let expected {
      tags = TagCounter("<hyperlink ")
      expectedTags = expected.linkCount
    } else if let index = sheets.indices.first(where: { "xl/worksheets/_rels/sheet\($0 + 1).xml.rels" == name }) {
      tags = TagCounter(" TargetMode=\"External\"")
      expectedTags = sheets[index].linkCount
    } else {
      expectedTags = 0
    }
  }

  var isWhole: Bool {
    guard let root else { return false }
    let end = tail.last == UInt8(ascii: "\n") ? tail.dropLast() : tail[...]
    return rows.byteCount == expected?.byteCount ?? 0 && rows == expected ?? rows && (tags?.count ?? 0) == expectedTags
      && Array(end.suffix(root.count + 3)) == Array("</".utf8) + root + Array(">".utf8)
  }

  mutating func add(_ bytes: ArraySlice<UInt8>) {
    guard let expected else { return addOther(bytes) }
    if let rowsLeft { return addRows(bytes, left: rowsLeft) }
    head += bytes
    guard let found = head.firstRange(of: Self.sheetStart) else { return }
    let rest = head[found.upperBound...]
    head.removeSubrange(found.upperBound...)
    addRows(rest, left: expected.byteCount)
  }

  private mutating func addRows(_ bytes: ArraySlice<UInt8>, left: Int) {
    let own = bytes.prefix(left)
    rows.add(own)
    rowsLeft = left - own.count
    addOther(bytes.dropFirst(own.count))
  }

  private mutating func addOther(_ bytes: ArraySlice<UInt8>) {
    if expected == nil, head.count < 512 { head += bytes.prefix(512 - head.count) }
    tags?.add(bytes)
    tail = Array((tail + bytes.suffix(64)).suffix(64))
  }

  /// The name of the document's root element.
  private var root: [UInt8]? {
    guard let declaration = head.firstRange(of: Array("?>\n<".utf8)) else { return nil }
    return Array(head[declaration.upperBound...].prefix { !" />".utf8.contains($0) })
  }
}

/// Counts the occurrences of a text in a stream. The text's first character must not occur again in the text.
private struct TagCounter {
  private(set) var count = 0
  private let tag: [UInt8]
  private var matched = 0

  init(_ tag: String) {
    self.tag = Array(tag.utf8)
  }

  mutating func add(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      matched = byte == tag[matched] ? matched + 1 : byte == tag[0] ? 1 : 0
      if matched == tag.count { (count, matched) = (count + 1, 0) }
    }
  }
}
