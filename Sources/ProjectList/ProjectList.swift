package import DelimitedText
package import InventoryModel

/// A list of projects, read row by row in constant memory.
///
/// Opening reads the first 64 KB, finds out encoding, delimiter, header and columns, and makes sure that there is at
/// least one row, so that a list which can't be used is refused before anything is made of it.
package struct ProjectList {
  /// Bytes from which encoding and delimiter are found out.
  package static var sampleSize: Int { 65_536 }

  /// As shown in messages.
  package let path: String
  /// Names of the columns that pass through to the reports.
  package let inputColumns: [String]
  /// Name of the column that the IDs come from.
  package let idColumnName: String
  package let hasHeader: Bool
  package let delimiter: UInt8
  package let encoding: TextEncoding

  private var reader: DelimitedReader
  private let layout: ColumnLayout
  private let inputIndexes: [Int]
  private var firstRecord: DelimitedRecord?

  /// - Parameter path: as shown in messages.
  /// - Throws: ``ListError``
  package init(_ source: some ByteSource, path: String, options: ListReadingOptions = ListReadingOptions()) throws {
    self.path = path
    var source = source
    let sample = try Self.sample(of: &source)
    // Pieces of another size must not give another reading.
    let head = Array(sample.prefix(Self.sampleSize))
    let (encoding, markLength) = options.textEncoding(of: head)
    self.encoding = encoding
    delimiter =
      options.delimiter
      ?? Self.detectDelimiter(
        in: head, encoding: encoding, markLength: markLength, options: options)
    let text = TranscodedBytes(ReplayedBytes(sample, then: source), encoding: encoding, markLength: markLength)
    reader = DelimitedReader(text, delimiter: delimiter)

    guard let first = try Self.nextRecord(from: &reader, path: path) else { throw ListError.empty(path: path) }
    let header = first.fields.map { $0.trimmingSpace() }
    hasHeader = !options.hasNoHeader && Self.isHeader(header, options: options)
    layout = try Self.layout(
      of: header, hasHeader: hasHeader, at: ListError.Place(path: path, line: first.line), options: options)
    inputIndexes = layout.inputColumns
    inputColumns = inputIndexes.map { [names = layout.names] in names[$0] }
    idColumnName = layout.names[layout.idColumn]
    firstRecord = hasHeader ? try Self.nextRecord(from: &reader, path: path) : first
    guard firstRecord != nil else { throw ListError.headerOnly(path: path) }
  }

  /// The next row that is not blank, or nil at the list's end.
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
    func cell(_ index: Int) -> String? { index < cells.count ? cells[index] : nil }
    let credential = layout.credentialColumn.flatMap(cell)?.trimmingSpace()
    return ListRow(
      line: record.line,
      projectID: cell(layout.idColumn)?.trimmingSpace() ?? "",
      input: inputIndexes.map(cell),
      credential: credential?.isEmpty == false ? credential : nil)
  }

  /// The first pieces, of at least ``sampleSize`` bytes together where there are as many.
  private static func sample(of source: inout some ByteSource) throws -> [UInt8] {
    var sample: [UInt8] = []
    while sample.count < sampleSize {
      guard let piece = try source.next() else { return sample }
      sample += piece
    }
    return sample
  }

  private static func detectDelimiter(
    in sample: [UInt8], encoding: TextEncoding, markLength: Int, options: ListReadingOptions
  ) -> UInt8 {
    var decoder = TranscodedBytes(BytesInMemory(sample), encoding: encoding, markLength: markLength)
    var text: [UInt8] = []
    while let piece = try? decoder.next() { text += piece }
    return Dialect.detectDelimiter(in: text) { name in
      let name = name.trimmingSpace()
      if case .name(let chosen) = options.idColumn { return ColumnLayout.column(named: chosen, in: [name]) != nil }
      return ColumnLayout.isIDName(name)
    }
  }

  /// A single column is a list without header unless its first cell is a name that the ID column can have.
  private static func isHeader(_ first: [String], options: ListReadingOptions) -> Bool {
    guard first.count == 1 else { return true }
    if case .name(let name) = options.idColumn { return ColumnLayout.column(named: name, in: first) != nil }
    return ColumnLayout.isIDName(first[0])
  }

  private static func layout(
    of first: [String], hasHeader: Bool, at place: ListError.Place, options: ListReadingOptions
  ) throws(ListError) -> ColumnLayout {
    let header = hasHeader ? first : first.map { _ in "" }
    let names = ColumnLayout.uniqueNames(of: header)
    let idColumn: Int
    switch options.idColumn {
    case .number(let number):
      guard (1...names.count).contains(number) else {
        throw .idColumnOutOfRange(place, number: number, columns: names.count)
      }
      idColumn = number - 1
    case .name(let name):
      guard let column = ColumnLayout.column(named: name, in: names) else {
        throw .unknownIDColumn(place, name: name, header: names)
      }
      idColumn = column
    case nil where names.count == 1:
      idColumn = 0
    case nil:
      let candidates = ColumnLayout.idCandidates(in: header)
      guard let candidate = candidates.first else { throw .noIDColumn(place, header: names) }
      guard candidates.count == 1 else {
        throw .ambiguousIDColumn(place, candidates: candidates.map { names[$0] })
      }
      idColumn = candidate
    }
    let credential = hasHeader ? ColumnLayout.column(named: "credential", in: header) : nil
    return ColumnLayout(names: names, idColumn: idColumn, credentialColumn: credential == idColumn ? nil : credential)
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
