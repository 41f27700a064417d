package import DelimitedText
import InventoryModel
import TextFormats

/// Why a list can't be used. The description names the file, the line and the fix.
package enum ListError: Error, Hashable, CustomStringConvertible {
  /// A line of a file.
  package struct Place: Hashable, Sendable, CustomStringConvertible {
    package var path: String
    package var line: Int

    package var description: String { "\(path) line \(line)" }
  }

  case cannotOpen(path: String, reason: String)
  case cannotRead(path: String, reason: String)
  /// The file contains no text, or only blank lines.
  case empty(path: String)
  /// The list has a header but no rows.
  case headerOnly(path: String)
  case malformed(path: String, DelimitedTextError)
  case noIDColumn(Place, header: [String])
  /// The list has several columns and no header, and no ID column was chosen.
  case noIDNumber(Place, columns: Int)
  case ambiguousIDColumn(Place, candidates: [String])
  case unknownIDColumn(Place, name: String, header: [String])
  case idColumnOutOfRange(Place, number: Int, columns: Int)
  /// The list has no known ID column, and its first row looks like data.
  case rowInsteadOfHeader(Place)
  /// The header's cell in the ID column looks like the IDs below it. The column is counted from 1.
  case idInsteadOfHeader(Place, column: Int)
  /// Most IDs contain a delimiter other than the one in use.
  case delimiterInsideIDs(Place, delimiter: UInt8, other: UInt8)
  /// The file is not a list of text lines.
  case foreignFormat(path: String, UnsupportedFormat)
  /// UTF-16 was specified, but the file has another encoding.
  case notUTF16(path: String)
  /// The first line begins with `sep=` but names no delimiter.
  case unusableSeparatorLine(Place)
  /// A row has non-empty cells beyond the last column.
  case surplusCells(Place, cells: Int, columns: Int)

  /// Whether the file can't be accessed, as opposed to having unusable content.
  package var isAboutAccess: Bool {
    switch self {
    case .cannotOpen, .cannotRead: true
    default: false
    }
  }

  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "\(path): the list can't be opened: \(reason)"
    case .cannotRead(let path, let reason): "\(path): the list can't be read: \(reason)"
    case .empty(let path): "\(path): the list is empty; add one project ID per line, or a CSV with a project_id column"
    case .headerOnly(let path): "\(path): the list has a header but no rows; add one row per project"
    case .malformed(let path, let error): "\(path) line \(error.line): \(error.reason)"
    case .noIDColumn(let place, let header):
      "\(place): no ID column was found among \(Self.names(header)); choose one with --id-column, "
        + "and add --no-header if this line is a row"
    case .noIDNumber(let place, let columns):
      "\(place): the list has \(columns.counted("column", "columns")) and no header; "
        + "choose the ID column with --id-column N, counted from 1"
    case .ambiguousIDColumn(let place, let candidates):
      "\(place): several columns may hold the IDs: \(Self.names(candidates)); choose one with --id-column"
    case .unknownIDColumn(let place, let name, let header):
      "\(place): there is no column \(name); choose one of \(Self.names(header)) with --id-column"
    case .idColumnOutOfRange(let place, let number, let columns):
      "\(place): there is no column \(number): the list has \(columns) \(columns == 1 ? "column" : "columns"); "
        + "choose one with --id-column, counted from 1"
    case .rowInsteadOfHeader(let place):
      "\(place): this line looks like a row, not a header, and no ID column was found; "
        + "add --no-header --id-column N (counted from 1), or add a header line"
    case .idInsteadOfHeader(let place, let column):
      "\(place): this line looks like a row, not a header: its cell in column \(column) resembles the IDs below; "
        + "if it is a row, add --no-header --id-column \(column); if it is a header, rename that column to project_id"
    case .delimiterInsideIDs(let place, let delimiter, let other):
      "\(place): most IDs contain \(Self.word(for: other)), so the delimiter is probably not "
        + "\(Self.word(for: delimiter)); use --delimiter '\(Dialect.name(of: other))', "
        + "or enclose the IDs in double quotes if it is part of them"
    case .foreignFormat(let path, let format): "\(path): the list is \(format.description)"
    case .notUTF16(let path): "\(path): the list is not UTF-16; set its encoding with --encoding, or omit the option"
    case .unusableSeparatorLine(let place):
      "\(place): the line begins with sep= but names no delimiter; write sep=; for example, or remove the line"
    case .surplusCells(let place, let cells, let columns):
      "\(place): the row has \(cells.counted("cell", "cells")), but the list has "
        + "\(columns.counted("column", "columns")); quote cells that contain the delimiter, or set it with --delimiter"
    }
  }

  private static func word(for delimiter: UInt8) -> String {
    switch delimiter {
    case UInt8(ascii: ","): "a comma"
    case UInt8(ascii: ";"): "a semicolon"
    case UInt8(ascii: "\t"): "a tab"
    case UInt8(ascii: "|"): "a pipe"
    default: "the character \(Dialect.name(of: delimiter))"
    }
  }

  private static func names(_ columns: [String]) -> String {
    // The first row of a list without a header may contain secret keys.
    let shown = columns.prefix(12).map { $0.isEmpty ? "(empty)" : Redaction.repeatable($0) }
    return shown.joined(separator: ", ") + (columns.count > shown.count ? ", …" : "")
  }
}
