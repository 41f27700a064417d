package import DelimitedText

/// Why a list can't be used, told by file, line and what to do.
package enum ListError: Error, Hashable, CustomStringConvertible {
  /// A line of a file.
  package struct Place: Hashable, Sendable, CustomStringConvertible {
    package var path: String
    package var line: Int

    package var description: String { "\(path) line \(line)" }
  }

  case cannotOpen(path: String, reason: String)
  case cannotRead(path: String, reason: String)
  /// There is no text at all, or only blank lines.
  case empty(path: String)
  /// There is a header and nothing below it.
  case headerOnly(path: String)
  case malformed(path: String, DelimitedTextError)
  case noIDColumn(Place, header: [String])
  case ambiguousIDColumn(Place, candidates: [String])
  case unknownIDColumn(Place, name: String, header: [String])
  case idColumnOutOfRange(Place, number: Int, columns: Int)
  /// A row has filled cells beyond the last column.
  case surplusCells(Place, cells: Int, columns: Int)

  /// Whether the file itself is out of reach, rather than its content unusable.
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
    case .empty(let path): "\(path): the list is empty; give one project ID a line, or a CSV with a project_id column"
    case .headerOnly(let path): "\(path): the list has a header but no rows; add one for each project"
    case .malformed(let path, let error): "\(path) line \(error.line): \(error.reason)"
    case .noIDColumn(let place, let header):
      "\(place): no ID column: the header has \(Self.names(header)); choose one with --id-column"
    case .ambiguousIDColumn(let place, let candidates):
      "\(place): the IDs could be in \(Self.names(candidates)); choose one with --id-column"
    case .unknownIDColumn(let place, let name, let header):
      "\(place): there is no column \(name): the header has \(Self.names(header)); choose one with --id-column"
    case .idColumnOutOfRange(let place, let number, let columns):
      "\(place): there is no column \(number): the list has \(columns) \(columns == 1 ? "column" : "columns"); "
        + "choose one with --id-column, counted from 1"
    case .surplusCells(let place, let cells, let columns):
      "\(place): the row has \(cells) cells for \(columns) \(columns == 1 ? "column" : "columns"); "
        + "quote cells that contain the delimiter, or name the delimiter with --delimiter"
    }
  }

  private static func names(_ columns: [String]) -> String {
    let shown = columns.prefix(12).map { $0.isEmpty ? "(empty)" : $0 }
    return shown.joined(separator: ", ") + (columns.count > shown.count ? ", …" : "")
  }
}
