package import DelimitedText
package import InventoryModel
import TextFormats

/// A list of projects, read row by row in constant memory.
///
/// Opening a list reads the first 64 KB, detects the encoding, delimiter, header and columns, and checks that there is
/// at least one row. A list that can't be used is therefore rejected before anything is created from it.
package struct ProjectListReader {
  /// The number of bytes from which the encoding and the delimiter are detected.
  package static var sampleSize: Int { 65_536 }
  private static let linesShown = 5

  /// The path as shown in messages.
  package let path: String
  /// Names of the columns that pass through to the reports.
  package let inputColumns: [String]
  /// Name of the column that holds the IDs.
  package let idColumnName: String
  package let hasHeader: Bool
  package let delimiter: UInt8
  /// A character or `tab`, as a value of `--delimiter`.
  package var delimiterName: String { Dialect.name(of: delimiter) }
  package let encoding: TextEncoding
  /// The first three IDs of the list, or fewer if the first 64 KB hold fewer.
  package let firstIDs: [String]
  /// Whether the list is a report of this program for spreadsheets, whose cells are restored to their original values.
  package var restoresCells: Bool { ownReport?.isForSpreadsheets == true }

  private var reader: DelimitedReader
  private let layout: ColumnLayout
  private let inputIndexes: [Int]
  private let ownReport: OwnReport?
  private var firstRecord: DelimitedRecord?
  private let notes: [String]
  /// Lines with cells that a report for spreadsheets has truncated.
  private var cutLines = Sample<Int>()

  /// - Parameter path: the path as shown in messages.
  /// - Throws: ``ListError``
  package init(_ source: some ByteSource, path: String, options: ListReadingOptions = ListReadingOptions()) throws {
    self.path = path
    var source = source
    let bytes = try Self.sample(of: &source)
    // The size of the pieces must not affect the detection.
    let head = Array(bytes.prefix(Self.sampleSize))
    if let format = UnsupportedFormat(bytes: head) { throw ListError.foreignFormat(path: path, format) }
    guard options.fits(head) else { throw ListError.notUTF16(path: path) }
    let (encoding, markLength) = options.textEncoding(of: head)
    self.encoding = encoding
    let sample = ListSample(
      head, encoding: encoding, markLength: markLength, isWhole: bytes.count < Self.sampleSize)
    if let format = UnsupportedFormat(text: sample.text) { throw ListError.foreignFormat(path: path, format) }
    let separatorLine = try SeparatorLine(sample.text, path: path)
    delimiter =
      options.delimiter ?? separatorLine?.delimiter
      ?? Dialect.detectDelimiter(in: sample.text, isIDName: options.namesIDColumn)
    let text = TranscodedBytes(ReplayedBytes(bytes, then: source), encoding: encoding, markLength: markLength)
    reader = DelimitedReader(text, delimiter: delimiter)

    if separatorLine != nil { _ = try Self.nextRecord(from: &reader, path: path) }
    guard let first = try Self.nextRecord(from: &reader, path: path) else { throw ListError.empty(path: path) }
    let place = ListError.Place(path: path, line: first.line)
    var header = first.fields.map { $0.trimmingSpace() }
    let preview = ListPreview(
      sample, first: header, delimiter: delimiter, skipsSeparatorLine: separatorLine != nil)
    hasHeader = !options.hasNoHeader && Self.isHeader(header, options: options)
    ownReport = hasHeader ? OwnReport(header: header, hasMark: encoding == .utf8 && markLength > 0) : nil
    header = ownReport?.originalNames(of: header) ?? header
    let layout = try Self.layout(
      of: header, hasHeader: hasHeader, isReport: ownReport != nil, preview, at: place, options: options)
    self.layout = layout
    notes = try Self.check(preview, layout, hasHeader: hasHeader, at: place, options: options)
    inputIndexes = layout.inputColumns
    inputColumns = inputIndexes.map { layout.names[$0] }
    idColumnName = layout.names[layout.idColumn]
    firstRecord = hasHeader ? try Self.nextRecord(from: &reader, path: path) : first
    guard firstRecord != nil else { throw ListError.headerOnly(path: path) }
    let firstRows = (hasHeader ? [] : [preview.first]) + preview.rows
    firstIDs = firstRows.prefix(3).map { [ownReport] cells in
      Self.projectID(in: cells, layout, ownReport).id
    }
  }

  /// The next row that is not blank; nil at the end of the list.
  ///
  /// - Throws: ``ListError``
  package mutating func next() throws -> ListRow? {
    var pending = firstRecord
    firstRecord = nil
    if pending == nil { pending = try Self.nextRecord(from: &reader, path: path) }
    guard let record = pending else { return nil }
    let cells = record.fields
    let columns = layout.names.count
    guard cells.count <= columns || cells.dropFirst(columns).allSatisfy(\.isEmpty) else {
      throw ListError.surplusCells(.init(path: path, line: record.line), cells: cells.count, columns: columns)
    }
    if restoresCells, cells.contains(where: SpreadsheetCell.isCut) { cutLines.add(record.line, limit: Self.linesShown) }
    func cell(_ index: Int) -> String? {
      guard index < cells.count else { return nil }
      return ownReport?.original(of: cells[index], inColumn: index) ?? cells[index]
    }
    let credential = layout.credentialColumn.flatMap(cell)?.trimmingSpace()
    let (id, isRestored) = Self.projectID(in: cells, layout, ownReport)
    return ListRow(
      line: record.line, projectID: id, input: inputIndexes.map(cell),
      credential: credential?.isEmpty == false ? credential : nil, isRestored: isRestored)
  }

  /// Notes for the user about how the list has been read so far.
  package var warnings: [String] {
    guard cutLines.count > 0 else { return notes }
    return notes + [
      "\(path) \(cutLines.inWords): a cell was truncated when this spreadsheet report was written; it is used as it is"
    ]
  }

  /// The row's ID, and whether an apostrophe that a report had put in front of it was removed.
  private static func projectID(
    in cells: [String], _ layout: ColumnLayout, _ report: OwnReport?
  ) -> (id: String, isRestored: Bool) {
    guard layout.idColumn < cells.count else { return ("", false) }
    let cell = cells[layout.idColumn].trimmingSpace()
    let original = report?.original(of: cell, inColumn: layout.idColumn)
    return (original ?? cell, original != nil)
  }

  /// The first pieces, with at least ``sampleSize`` bytes in total unless the source has fewer.
  private static func sample(of source: inout some ByteSource) throws -> [UInt8] {
    var sample: [UInt8] = []
    while sample.count < sampleSize {
      guard let piece = try source.next() else { return sample }
      sample += piece
    }
    return sample
  }

  private static func nextRecord(from reader: inout DelimitedReader, path: String) throws -> DelimitedRecord? {
    do {
      while let record = try reader.next() {
        if !record.isBlank { return record }
      }
      return nil
    } catch let error as DelimitedTextError {
      throw ListError.malformed(path: path, error)
    }
  }
}
