import InventoryModel
package import TextFormats

/// A question in SQL. The comments above it contain a title in the first line, explanations, and the parameters.
///
///     -- Projects that were not updated for a long time
///     -- One row for each team.
///     -- :days = 365: so many days, counted from when the project was fetched
///     -- :team: a team (it has no default)
///     SELECT …
package struct Question: Hashable, Sendable {
  package struct Parameter: Hashable, Sendable {
    /// The name without the colon.
    package var name: String
    /// nil if a value is required.
    package var defaultValue: String?
    package var meaning: String
  }

  package let name: String
  /// Empty if there is no comment.
  package let title: String
  package let parameters: [Parameter]
  /// The whole text, including comments.
  package let sql: String

  package init(name: String, sql: String) {
    self.name = name
    self.sql = sql
    let comments = sql.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { $0.drop { $0.isWhitespace } }
      .prefix { $0.hasPrefix("--") }
      .map { $0.dropFirst(2).drop { $0.isWhitespace } }
    title = comments.first.map(String.init) ?? ""
    parameters = comments.compactMap(Parameter.init)
  }

  /// Values by name: the given values, and the defaults of the other parameters.
  package func values(given: [ExactText: String]) -> [ExactText: String] {
    parameters.reduce(into: given) { values, parameter in
      let name = ExactText(parameter.name)
      values[name] = values[name] ?? parameter.defaultValue
    }
  }
}

extension Question.Parameter {
  /// - Parameter comment: `:name = default: meaning`, or `:name: meaning`; the result is nil for anything else.
  init?(_ comment: Substring) {
    guard let match = comment.wholeMatch(of: /:(?<name>\w+)(\s*=\s*(?<value>.*?))?:(\s+(?<meaning>.*?))?\s*/) else {
      return nil
    }
    self.init(
      name: String(match.output.name), defaultValue: match.output.value.map(String.init),
      meaning: match.output.meaning.map(String.init) ?? "")
  }
}
