/// One value of a query's row, of SQLite's five kinds.
package enum QueryValue: Hashable, Sendable {
  case null
  case integer(Int64)
  /// Never NaN, which SQLite makes NULL; it may be infinite.
  case real(Double)
  /// Bytes that are not UTF-8 have become U+FFFD.
  case text(String)
  case blob([UInt8])

  /// A parameter's value as it is bound. A number that is written as SQLite itself would write it becomes one, so that it
  /// compares with counts and sums; all else stays text: `007`, `+5`, `1e3`, and what exceeds 64 bits or 15 digits.
  ///
  /// A column of a table compares alike with either: SQLite turns a number into the very same text where the column is
  /// TEXT, and a text into a number where it is INTEGER (https://www.sqlite.org/datatype3.html §4.2).
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
  /// Whether it is declared to hold numbers or, where SQLite can't tell, does so in the first row.
  package var isNumeric: Bool
}
