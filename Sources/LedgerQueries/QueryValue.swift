/// One value of a query's row, in one of SQLite's five types.
package enum QueryValue: Hashable, Sendable {
  case null
  case integer(Int64)
  /// Never NaN, which SQLite converts to NULL; it may be infinite.
  case real(Double)
  /// Bytes that are not UTF-8 are replaced with U+FFFD.
  case text(String)
  case blob([UInt8])

  /// Converts a parameter's text to the value that is bound.
  ///
  /// A number in the form in which SQLite itself would write it becomes a number, so that it compares with counts and
  /// sums. Everything else stays text: `007`, `+5`, `1e3`, and numbers that exceed 64 bits or 15 digits.
  ///
  /// A comparison with a table's column gives the same result for both types. SQLite converts a number to the identical
  /// text if the column is TEXT, and a text to a number if it is INTEGER (https://www.sqlite.org/datatype3.html §4.2).
  package init(parameter text: String) {
    if let integer = Int64(text), integer.description == text {
      self = .integer(integer)
    } else if let real = Double(text), real.isFinite, real.description == text, text.allSatisfy({ $0 != "e" }),
      text.count(where: \.isNumber) <= 15
    {
      self = .real(real)
    } else {
      self = .text(text)
    }
  }
}

/// A column of a query's result.
package struct QueryColumn: Hashable, Sendable {
  package var name: String
  /// Whether the column is declared to hold numbers or, if SQLite can't tell, holds a number in the first row.
  package var isNumeric: Bool
}
