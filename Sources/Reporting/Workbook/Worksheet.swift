import CXlsxWriter
import Files
import InventoryModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A sheet of a workbook, filled row by row from the top. The library keeps the current row in memory until the next
/// one begins, and the rows before it in a temporary file.
final class Worksheet {
  /// Maximum number of links in a sheet. Further URLs are written as text. Excel reads 65,530 links, but the library
  /// needs 2.5 KB of memory for each until the file is complete.
  static let mostLinks = 10_000
  /// Size in bytes above which a sheet counts as full. It is far below the 4 GB limit for a part of the file.
  private static let mostBytes: Int64 = 2_500_000_000

  /// Number of rows so far, including the header.
  private(set) var rowCount = 0
  private(set) var linkCount = 0
  /// Number of cells whose text was cut.
  private(set) var cutCells = 0
  let sheet: UnsafeMutablePointer<lxw_worksheet>
  private let styles: SheetStyles
  /// Path of the report, for error messages.
  private let place: String

  init(_ sheet: UnsafeMutablePointer<lxw_worksheet>, styles: SheetStyles, place: String) {
    self.sheet = sheet
    self.styles = styles
    self.place = place
  }

  /// Sets the widths of the first columns, in characters.
  func setWidths(_ widths: [Double]) throws {
    for (index, width) in widths.enumerated() {
      try WorkbookError.check(worksheet_set_column(sheet, UInt16(index), UInt16(index), width, nil))
    }
  }

  /// Sets up printing in landscape format, one page wide.
  func fitToPages() {
    worksheet_set_landscape(sheet)
    worksheet_fit_to_pages(sheet, 1, 0)
  }

  /// Whether the sheet exceeds its maximum size.
  var isTooLarge: Bool {
    // Checks only every 100 rows, because a check costs a system call.
    guard rowCount % 100 == 0, let file = sheet.pointee.optimize_tmpfile else { return false }
    return Int64(ftello(file)) > Self.mostBytes
  }

  /// Appends a row.
  ///
  /// - Throws: `FileError` if earlier rows can't be written, and ``WorkbookError``.
  func append(_ cells: [SheetCell]) throws {
    let row = UInt32(rowCount)
    errno = 0
    for (column, cell) in cells.enumerated() { try write(cell, row, UInt16(column)) }
    rowCount += 1
    // The library ignores write errors.
    if let file = sheet.pointee.optimize_tmpfile, ferror(file) != 0 { throw failure }
  }

  private func write(_ cell: SheetCell, _ row: UInt32, _ column: UInt16) throws {
    switch cell {
    case .text(let text?): try write(text, row, column, styles.text)
    case .heading(let text): try write(text, row, column, styles.heading)
    case .title(let text): try write(text, row, column, styles.title)
    case .number(let number?):
      try WorkbookError.check(worksheet_write_number(sheet, row, column, Double(number), styles.number))
    case .share(let share):
      try WorkbookError.check(worksheet_write_number(sheet, row, column, share, styles.share))
    case .time(let text?):
      guard let serial = SheetTime.serial(text) else { return try write(text, row, column, styles.text) }
      try WorkbookError.check(worksheet_write_number(sheet, row, column, serial, styles.time))
    case .address(let text?):
      guard linkCount < Self.mostLinks, WebLink.isLink(Webhook(kept: text, host: nil)),
        CellText.written(text).text == text
      else {
        return try write(text, row, column, styles.text)
      }
      linkCount += 1
      try WorkbookError.check(worksheet_write_url(sheet, row, column, text, styles.link))
    case .text(nil), .number(nil), .time(nil), .address(nil): break
    }
  }

  private func write(_ text: String, _ row: UInt32, _ column: UInt16, _ format: SheetStyles.Format) throws {
    let (text, isCut) = CellText.written(text)
    if isCut { cutCells += 1 }
    if text.isEmpty { return }
    try WorkbookError.check(worksheet_write_string(sheet, row, column, text, format))
  }

  /// Writes the last row, and returns the content that the workbook's file must have for this sheet.
  func settle() throws -> SheetContent {
    errno = 0
    lxw_worksheet_write_single_row(sheet)
    guard let file = sheet.pointee.optimize_tmpfile, fflush(file) == 0, ferror(file) == 0 else { throw failure }
    var content = SheetContent(linkCount: linkCount)
    while true {
      let piece = [UInt8](unsafeUninitializedCapacity: 262_144) { buffer, count in
        count = max(0, pread(fileno(file), buffer.baseAddress, buffer.count, off_t(content.byteCount)))
      }
      if piece.isEmpty { return content }
      content.add(piece[...])
    }
  }

  private var failure: FileError { FileError(path: place, code: errno == 0 ? ENOSPC : errno) }
}

/// The size and checksum of a sheet's rows as the library wrote them, and the number of links.
struct SheetContent: Hashable {
  var linkCount: Int
  private(set) var byteCount = 0
  private(set) var checksum: UInt = 0

  mutating func add(_ bytes: ArraySlice<UInt8>) {
    byteCount += bytes.count
    checksum = bytes.withUnsafeBufferPointer { UInt(crc32(uLong(checksum), $0.baseAddress, uInt($0.count))) }
  }
}

extension SheetContent {
  init(linkCount: Int) {
    self.init(linkCount: linkCount, byteCount: 0, checksum: 0)
  }
}
