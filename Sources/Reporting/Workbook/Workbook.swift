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

/// An XLSX file that libxlsxwriter creates. Rows can be appended to all of its sheets in any order, in constant memory.
final class Workbook {
  /// Path of the file, which exists after ``close()``.
  let path: String
  let styles: SheetStyles
  private var book: UnsafeMutablePointer<lxw_workbook>?
  private var sheets: [Worksheet] = []
  /// Path of the report, for error messages.
  private let place: String
  private let folder: WorkingFolder

  /// - Parameters:
  ///   - place: The path of the report. The file and the rows of its sheets are kept in a working folder next to it.
  ///   - made: The creation time that the file records. It is the same for two files of the same run.
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

  /// Adds a sheet after the existing ones.
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

  /// Number of cells whose text was cut.
  var cutCells: Int { sheets.reduce(0) { $0 + $1.cutCells } }

  /// Creates the file and checks it.
  ///
  /// - Throws: `FileError` if the file is not complete.
  func close() throws {
    guard let book else { return }
    let contents = try sheets.map { try $0.settle() }
    self.book = nil
    let result = workbook_close_quietly(book)
    let reason = errno
    guard result == LXW_NO_ERROR else { throw FileError(path: place, code: reason == 0 ? ENOSPC : reason) }
    // If there was no space for a part, the library omits it without an error.
    guard try PackageCheck.isWhole(path, sheets: contents) else { throw FileError(path: place, code: ENOSPC) }
  }
}

/// An unexpected error of the library.
struct WorkbookError: Error {
  var code: UInt32

  static func check(_ result: lxw_error) throws(WorkbookError) {
    guard result == LXW_NO_ERROR else { throw WorkbookError(code: UInt32(result.rawValue)) }
  }
}
