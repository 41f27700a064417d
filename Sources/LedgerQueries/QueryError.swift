/// Why a query has no answer, or only part of it. Problems of the database itself are a ``LedgerError``.
package enum QueryError: Error, Hashable, CustomStringConvertible {
  /// There is no statement: the text is empty or has only comments.
  case empty
  case invalid(reason: String, place: SQLPlace?)
  /// There is a second statement, which begins at this place.
  case several(place: SQLPlace)
  /// The statement does more than read.
  case refused(action: String, reason: String)
  case unnamedParameter
  /// Parameters of the statement that have no value, as written in the statement.
  case missingParameters([String])
  /// Values for parameters that the statement does not have, and the parameters that it has.
  case unknownParameters([String], known: [String])
  case outOfTime(limit: Duration)
  case interrupted

  package var isOutOfTime: Bool {
    if case .outOfTime = self { true } else { false }
  }

  package var description: String {
    switch self {
    case .empty: "the SQL is empty; write one statement"
    case .invalid(let reason, let place): (place.map { "\($0): " } ?? "") + reason
    case .several(let place): "\(place): a second statement begins here; a query must be a single statement"
    case .refused(let action, let reason): "queries are read-only, so SQLite refused \(action): \(reason)"
    case .unnamedParameter: "the statement has a parameter without a name; write :name, and set it with -p name value"
    case .missingParameters(let names):
      "the statement has parameters without a value: \(names.joined(separator: ", ")); "
        + "set each with -p \(names.first?.dropFirst() ?? "name") value"
    case .unknownParameters(let names, let known):
      "the statement has no parameter \(names.joined(separator: ", ")); "
        + (known.isEmpty ? "it has no parameters" : "its parameters are \(known.joined(separator: ", "))")
    case .outOfTime(let limit):
      "the query reached its time limit of \(limit), so its rows are incomplete; raise --time-limit"
    case .interrupted: "interrupted"
    }
  }
}

/// A position in the SQL.
package struct SQLPlace: Hashable, Sendable, CustomStringConvertible {
  /// Counted from 1.
  package var line: Int
  /// In characters, counted from 1.
  package var column: Int

  /// - Parameter offset: in bytes of UTF-8.
  init(offset: Int, in sql: String) {
    let before = String(decoding: sql.utf8.prefix(offset), as: UTF8.self)
    let lines = before.split(omittingEmptySubsequences: false) { $0.isNewline }
    line = lines.count
    column = (lines.last?.count ?? 0) + 1
  }

  package var description: String { "line \(line), column \(column)" }
}
