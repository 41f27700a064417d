import GRDB
import GRDBSQLite
import InventoryModel

/// A statement that runs once for each row, with values bound through SQLite's own interface.
///
/// GRDB boxes each argument, which takes as long as SQLite takes for the whole row.
struct RowStatement {
  private enum Value {
    case null
    case integer(Int64)
    /// The range of its bytes in the row's texts.
    case text(Range<Int>)
  }

  private let statement: Statement
  private var values: [Value] = []
  /// The UTF-8 of the row's texts, one after another. SQLite reads them here and makes no copies. The first byte
  /// belongs to no text: an empty text needs an address too, or SQLite would bind null.
  private var texts: [UInt8] = [0]

  init(_ db: Database, sql: String) throws {
    statement = try db.cachedStatement(sql: sql)
  }

  /// Binds the next value, in the order of the statement's parameters.
  mutating func bind(_ text: String?) {
    guard var text else { return values.append(.null) }
    let start = texts.count
    text.withUTF8 { texts.append(contentsOf: $0) }
    values.append(.text(start..<texts.count))
  }

  mutating func bind(_ number: Int?) { bind(number.map(Int64.init)) }

  mutating func bind(_ number: Int64?) { values.append(number.map(Value.integer) ?? .null) }

  mutating func bind(_ value: FieldValue) {
    if case .number(let number) = value { bind(number) } else { bind(value.text) }
  }

  /// The total size of the bound texts, in bytes.
  var byteCount: Int { texts.count - 1 }

  /// Runs the statement with the bound values, then clears them for the next row.
  ///
  /// - Parameter other: a statement to run instead.
  /// - Throws: `DatabaseError`, also if SQLite rejects a value: a missing value must not become null.
  mutating func run(_ other: Statement? = nil) throws {
    let pointer = (other ?? statement).sqliteStatement
    defer {
      values.removeAll(keepingCapacity: true)
      texts.removeLast(texts.count - 1)
    }
    try texts.withUnsafeBytes { texts in
      // The texts are valid only until the end of this closure.
      defer {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
      }
      for (index, value) in values.enumerated() {
        let code = Self.bind(value, of: texts, to: pointer, at: Int32(index + 1))
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
      }
      guard sqlite3_step(pointer) == SQLITE_DONE else {
        let connection = sqlite3_db_handle(pointer)
        throw DatabaseError(
          resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
          message: String(cString: sqlite3_errmsg(connection)))
      }
    }
  }

  private static func bind(
    _ value: Value, of texts: UnsafeRawBufferPointer, to pointer: OpaquePointer, at place: Int32
  ) -> Int32 {
    switch value {
    case .null: sqlite3_bind_null(pointer, place)
    case .integer(let number): sqlite3_bind_int64(pointer, place, number)
    case .text(let range):
      // The length is bound with 64 bits. SQLite then rejects a text that is too long, and the process does not crash.
      UnsafeRawBufferPointer(rebasing: texts[range]).withMemoryRebound(to: CChar.self) { text in
        sqlite3_bind_text64(pointer, place, text.baseAddress, UInt64(text.count), nil, UInt8(SQLITE_UTF8))
      }
    }
  }
}
