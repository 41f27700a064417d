import Files
import GRDB

/// Why the ledger can't be used, with the file's path and what to do.
package enum LedgerError: Error, Hashable, CustomStringConvertible {
  case cannotOpen(path: String, reason: String)
  /// The database belongs to another program.
  case foreign(path: String)
  /// The file is not a database, or is damaged.
  case damaged(path: String)
  case newer(path: String, version: Int, known: Int)
  case cannotWrite(path: String, reason: String)
  /// The database can't be read by a command that only reads.
  case cannotRead(path: String, reason: String)
  /// A process was killed while it changed the database. Opening the database for writing rolls back that change.
  case halfDone(path: String)

  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "\(path): the database can't be opened: \(reason)"
    case .foreign(let path): "\(path): this database belongs to another program; choose another with --database"
    case .damaged(let path): "\(path): this is not a SQLite database, or it is damaged; choose another with --database"
    case .newer(let path, let version, let known):
      "\(path): a newer jelou-inventory created this database (schema \(version), this program supports \(known)); "
        + "update jelou-inventory"
    case .cannotWrite(let path, let reason): "\(path): the database can't be written: \(reason)"
    case .cannotRead(let path, let reason): "\(path): the database can't be read: \(reason)"
    case .halfDone(let path):
      "\(path): the database can't be read: a process was killed while writing to it; the next run recovers it"
    }
  }

  /// Whether the error affects only commands that read and lack a permission.
  package var isAboutReading: Bool {
    if case .cannotRead = self { true } else { false }
  }

  static func folder(_ path: String) -> LedgerError {
    .cannotOpen(path: path, reason: "it is a folder; choose a file in it, such as inventory.db")
  }

  static func readOnly(_ path: String) -> LedgerError {
    .cannotWrite(path: path, reason: "it is read-only; make it writable, or choose another with --database")
  }

  /// Converts an error that occurred in a command that only reads.
  package init(reading error: any Error, path: String) {
    switch error {
    case let error as LedgerError: self = error
    case let error as FileError where error.isAboutFolder: self = .folder(path)
    case let error as FileError: self = .cannotRead(path: error.path, reason: error.reason)
    case let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN:
      self = .cannotRead(path: path, reason: "unable to open the file")
    default: self = LedgerError(error, path: path, opening: true)
    }
  }

  /// Converts a library's error to an error about the database file.
  package init(_ error: any Error, path: String, opening: Bool) {
    guard let error = error as? DatabaseError else {
      // A library's own messages are written for developers.
      let reason = (error as? FileError)?.reason ?? "an unexpected error (\(type(of: error)))"
      self = opening ? .cannotOpen(path: path, reason: reason) : .cannotWrite(path: path, reason: reason)
      return
    }
    switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .damaged(path: path)
    case .SQLITE_FULL:
      self = .cannotWrite(
        path: path, reason: "no space left on device; free some space, or choose another with --database")
    case .SQLITE_READONLY:
      self = .readOnly(path)
    case .SQLITE_CANTOPEN:
      self = .cannotOpen(
        path: path, reason: "unable to open or create the file; check its folder and permissions")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self = .cannotWrite(path: path, reason: "another program is still using it; close the database there")
    default:
      let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
      self = opening ? .cannotOpen(path: path, reason: reason) : .cannotWrite(path: path, reason: reason)
    }
  }
}
