import CXlsxWriter
import Files
import InventoryModel
import TextFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An XLSX file in the making: sheets that are filled side by side in constant memory, by libxlsxwriter.
final class Workbook {
  /// Of the file, once it is made.
  let path: String
  let styles: SheetStyles
  private var book: UnsafeMutablePointer<lxw_workbook>?
  private var sheets: [Worksheet] = []
  /// Of the report, for errors.
  private let place: String
  private let folder: WorkingFolder

  /// - Parameters:
  ///   - place: of the report; the file is made in a folder beside it, where the sheets' rows are kept as well.
  ///   - made: what the file says of its own age: the same for two files of the same run.
  init(place: String, title: String, made: Timestamp) throws {
    self.place = place
    folder = try WorkingFolder(beside: place)
    let path = folder.path + "/workbook.xlsx"
    self.path = path
    var options = lxw_workbook_options()
    options.constant_memory = 1
    let book = folder.path.withCString { folder in
      options.tmpdir = UnsafeMutablePointer(mutating: folder)
      return workbook_new_opt(path, &options)
    }
    guard let book, let styles = SheetStyles(of: book) else { throw FileError(path: place, code: ENOMEM) }
    self.book = book
    self.styles = styles
    var properties = lxw_doc_properties()
    properties.created = time_t(max(1, made.milliseconds / 1000))
    let result = title.withCString { title in
      properties.title = UnsafeMutablePointer(mutating: title)
      return workbook_set_properties(book, &properties)
    }
    try WorkbookError.check(result)
  }

  deinit {
    guard let book else { return }
    for sheet in sheets { if let file = sheet.sheet.pointee.optimize_tmpfile { _ = fclose(file) } }
    lxw_workbook_free(book)
  }

  /// A further sheet, behind the others.
  func addSheet(named name: String) throws -> Worksheet {
    errno = 0
    guard let sheet = workbook_add_worksheet(book, name) else {
      throw FileError(path: place, code: errno == 0 ? ENOSPC : errno)
    }
    let worksheet = Worksheet(sheet, styles: styles, place: place)
    sheets.append(worksheet)
    return worksheet
  }

  func addChart(_ type: lxw_chart_type) throws -> UnsafeMutablePointer<lxw_chart> {
    guard let chart = workbook_add_chart(book, UInt8(type.rawValue)) else {
      throw FileError(path: place, code: ENOMEM)
    }
    return chart
  }

  /// Cells whose text was cut.
  var cutCells: Int { sheets.reduce(0) { $0 + $1.cutCells } }

  /// Makes the file.
  ///
  /// - Throws: `FileError` when it is not whole.
  func close() throws {
    guard let book else { return }
    let contents = try sheets.map { try $0.settle() }
    self.book = nil
    let result = workbook_close_quietly(book)
    let reason = errno
    guard result == LXW_NO_ERROR else { throw FileError(path: place, code: reason == 0 ? ENOSPC : reason) }
    // Where there was no space for a part, the library has left it out and says nothing.
    guard try PackageCheck.isWhole(path, sheets: contents) else { throw FileError(path: place, code: ENOSPC) }
  }
}

/// Something that the library refuses though it should not.
struct WorkbookError: Error {
  var code: UInt32

  static func check(_ result: lxw_error) throws(WorkbookError) {
    guard result == LXW_NO_ERROR else { throw WorkbookError(code: UInt32(result.rawValue)) }
  }
}
