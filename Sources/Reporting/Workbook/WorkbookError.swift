import CXlsxWriter

/// Something that the library refuses though it should not.
struct WorkbookError: Error {
  var code: UInt32

  static func check(_ result: lxw_error) throws(WorkbookError) {
    guard result == LXW_NO_ERROR else { throw WorkbookError(code: UInt32(result.rawValue)) }
  }
}
