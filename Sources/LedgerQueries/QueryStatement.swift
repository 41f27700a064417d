import GRDB
import GRDBSQLite
import InventoryModel
import Ledger
import TextFormats

/// One compiled statement that only reads.
final class QueryStatement {
  private let connection: DirectConnection
  private let pointer: OpaquePointer

  /// - Parameter sql: one statement; comments and a trailing semicolon are allowed.
  /// - Throws: ``QueryError``.
  init(_ sql: String, on connection: DirectConnection, authorizer: ReadOnlyAuthorizer) throws {
    guard !sql.utf8.contains(0) else { throw QueryError.invalid(reason: "the SQL holds a NUL character", place: nil) }
    var compiler = Compiler(sql: sql, connection: connection, authorizer: authorizer)
    guard let pointer = try compiler.next() else { throw QueryError.empty }
    self.connection = connection
    self.pointer = pointer
    let rest = compiler.offset
    do {
      guard let second = try compiler.next() else { return }
      sqlite3_finalize(second)
    } catch {
      // Even with an error, the rest is a second statement.
    }
    let space = sql.utf8.dropFirst(rest).prefix { [UInt8(ascii: " "), 9, 10, 13].contains($0) }.count
    throw QueryError.several(place: SQLPlace(offset: rest + space, in: sql))
  }

  deinit { sqlite3_finalize(pointer) }

  /// - Parameter parameters: values by name, without the name's first character.
  /// - Throws: ``QueryError``.
  func bind(_ parameters: [ExactText: String]) throws {
    var unused = Set(parameters.keys)
    var known: [String] = []
    var missing: [String] = []
    for index in 0..<sqlite3_bind_parameter_count(pointer) {
      // SQLite counts them from 1. `?` has no name, and `?1` has only a number.
      let name = sqlite3_bind_parameter_name(pointer, index + 1).map { String(cString: $0) } ?? "?"
      guard name.utf8.first != UInt8(ascii: "?") else { throw QueryError.unnamedParameter }
      known.append(name)
      let key = ExactText(String(name.unicodeScalars.dropFirst()))
      guard let value = parameters[key] else {
        missing.append(name)
        continue
      }
      unused.remove(key)
      try bind(QueryValue(parameter: value), at: index + 1)
    }
    guard unused.isEmpty else { throw QueryError.unknownParameters(unused.sorted().map(\.string), known: known) }
    guard missing.isEmpty else { throw QueryError.missingParameters(missing) }
  }

  func step() -> Int32 { sqlite3_step(pointer) }

  /// The columns of the result. Read them after the first step.
  var columns: [QueryColumn] {
    (0..<sqlite3_column_count(pointer)).map { index in
      let declaration = sqlite3_column_decltype(pointer, index).map { String(cString: $0) } ?? ""
      let type = sqlite3_data_count(pointer) > 0 ? sqlite3_column_type(pointer, index) : SQLITE_NULL
      return QueryColumn(
        name: sqlite3_column_name(pointer, index).map { String(cString: $0) } ?? "",
        isNumeric: ["INTEGER", "REAL"].contains(declaration) || type == SQLITE_INTEGER || type == SQLITE_FLOAT)
    }
  }

  /// The values of the row that the last step reached.
  var values: [QueryValue] {
    (0..<sqlite3_data_count(pointer)).map { index in
      switch sqlite3_column_type(pointer, index) {
      case SQLITE_INTEGER: return .integer(sqlite3_column_int64(pointer, index))
      case SQLITE_FLOAT: return .real(sqlite3_column_double(pointer, index))
      case SQLITE_TEXT:
        let text = sqlite3_column_text(pointer, index)
        return .text(
          String(
            decoding: UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(pointer, index))), as: UTF8.self)
        )
      case SQLITE_BLOB:
        let bytes = sqlite3_column_blob(pointer, index)
        return .blob(
          Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(pointer, index)))))
      default: return .null
      }
    }
  }

  private func bind(_ value: QueryValue, at index: Int32) throws {
    let code =
      switch value {
      case .integer(let integer): sqlite3_bind_int64(pointer, index, integer)
      case .real(let real): sqlite3_bind_double(pointer, index, real)
      case .text(let text): sqlite3_bind_text(pointer, index, text, Int32(text.utf8.count), Self.copied)
      case .blob(let bytes): sqlite3_bind_blob(pointer, index, bytes, Int32(bytes.count), Self.copied)
      case .null: sqlite3_bind_null(pointer, index)
      }
    try connection.check(code)
  }

  /// `SQLITE_TRANSIENT`: SQLite copies the bound value.
  private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}

/// Compiles the statements of a text one after another.
private struct Compiler {
  let sql: String
  let connection: DirectConnection
  let authorizer: ReadOnlyAuthorizer
  /// The number of bytes compiled so far.
  private(set) var offset = 0

  init(sql: String, connection: DirectConnection, authorizer: ReadOnlyAuthorizer) {
    self.sql = sql
    self.connection = connection
    self.authorizer = authorizer
  }

  /// Compiles the next statement; nil if only comments are left.
  mutating func next() throws -> OpaquePointer? {
    var text = sql
    let (begin, connection) = (offset, connection.pointer)
    let (statement, code, end) = text.withUTF8 { bytes -> (OpaquePointer?, Int32, Int) in
      var (statement, offset, code): (OpaquePointer?, Int, Int32) = (nil, begin, SQLITE_OK)
      bytes.withMemoryRebound(to: CChar.self) { characters in
        guard let base = characters.baseAddress else { return }
        // Comments and lone semicolons compile to nothing.
        while code == SQLITE_OK, statement == nil, offset < characters.count {
          var tail: UnsafePointer<CChar>?
          code = sqlite3_prepare_v2(
            connection, base + offset, Int32(characters.count - offset), &statement, &tail)
          if code == SQLITE_OK { offset = tail.map { $0 - base } ?? characters.count }
        }
      }
      return (statement, code, offset)
    }
    offset = end
    guard code != SQLITE_OK else { return statement }
    let error = self.connection.lastError
    if error.resultCode == .SQLITE_AUTH {
      throw QueryError.refused(action: authorizer.takeRefusal() ?? "this statement", reason: error.message ?? "")
    }
    guard [.SQLITE_ERROR, .SQLITE_TOOBIG, .SQLITE_RANGE].contains(error.resultCode) else { throw error }
    let place = sqlite3_error_offset(connection)
    throw QueryError.invalid(
      reason: error.message ?? "\(error)", place: place >= 0 ? SQLPlace(offset: offset + Int(place), in: sql) : nil)
  }
}
