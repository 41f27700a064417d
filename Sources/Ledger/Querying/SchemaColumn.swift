/// What a column of a table or view holds, or a table or view as a whole.
package struct SchemaColumn: Hashable, Sendable {
  package var table: String
  /// nil for the table itself.
  package var name: String?
  /// As SQLite names it; of a table `table` or `view`.
  package var type: String
  package var meaning: String
}
