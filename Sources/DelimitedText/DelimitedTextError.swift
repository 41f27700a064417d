/// Why a delimited text can't be read. Lines are physical lines, counted from 1.
package enum DelimitedTextError: Error, Hashable {
  /// The quote that opened a field on this line is never closed.
  case unclosedQuote(line: Int)
  /// Text other than spaces follows the closing quote of the field that begins on this line.
  case textAfterQuote(line: Int)
  case nul(line: Int)
  /// A byte that has no character in the encoding.
  case undecodable(line: Int, encoding: TextEncoding)
  /// The field that begins on this line exceeds the size limit, most likely because a quote is unclosed.
  case fieldTooLarge(line: Int, limit: Int)
  /// The record that begins on this line exceeds the size limit.
  case recordTooLarge(line: Int, limit: Int)
  case tooManyFields(line: Int, limit: Int)

  package var line: Int {
    switch self {
    case .unclosedQuote(let line), .textAfterQuote(let line), .nul(let line), .undecodable(let line, _),
      .fieldTooLarge(let line, _), .recordTooLarge(let line, _), .tooManyFields(let line, _):
      line
    }
  }

  /// What is wrong and how to fix it, as a sentence without the location.
  package var reason: String {
    switch self {
    case .unclosedQuote:
      "a field begins here with a quote that is never closed; close it, or double it (\"\") if it is part of the text"
    case .textAfterQuote:
      "a field that begins here has text after its closing quote; double (\"\") the quotes that are part of the text"
    case .nul:
      "the line contains a NUL character; save the file as text, or set --encoding utf-16 if it is UTF-16"
    case .undecodable(_, .utf8):
      "the line contains a byte that is not valid UTF-8; save the file as UTF-8, or set --encoding windows-1252"
    case .undecodable(_, let encoding):
      "the line contains a byte that is not valid \(encoding.rawValue); save the file as UTF-8, or set --encoding"
    case .fieldTooLarge(_, let limit):
      "the field that begins here is longer than \(limit / 1_048_576) MiB; check for an unclosed quote"
    case .recordTooLarge(_, let limit):
      "the row that begins here is longer than \(limit / 1_048_576) MiB; remove columns from the list"
    case .tooManyFields(_, let limit):
      "the row that begins here has more than \(limit) cells; remove columns from the list, or check the delimiter"
    }
  }
}
