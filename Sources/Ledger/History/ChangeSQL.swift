import InventoryModel

/// SQL expressions that compare a row `n` (new) with the earlier answer `e` for the same project.
///
/// If there is no earlier answer, all columns of `e` are null.
enum ChangeSQL {
  static let answers = "('found', 'not_found')"

  private static let fields = RecordField.all.filter(\.isCompared)

  /// Maximum number of changed members of an object to list by name. If there are more, only the object's name is
  /// listed.
  private static let mostMembers = 10

  private static let differ = "(\(compared("n"))) IS NOT (\(compared("e")))"

  private static func compared(_ row: String) -> String {
    fields.map { "\(row).\($0.column)" }.joined(separator: ", ")
  }

  /// The columns of the fields whose origin is ``RecordField/Origin/comparison``.
  static let columns = RecordField.all.filter { $0.origin == .comparison }.map(\.column)

  /// The SQL expression for one of the ``columns``.
  static func value(of column: String) -> String {
    switch column {
    case "change": change
    case "changed_fields": changedFields
    case "last_good_webhook_url": lastGood("webhook_url")
    case "last_good_at": lastGood("fetched_at")
    default: preconditionFailure("nothing computes \(column)")
    }
  }

  private static let change = """
    CASE WHEN n.outcome NOT IN \(answers) THEN 'unknown'
      WHEN e.outcome IS NULL THEN 'new'
      WHEN n.outcome <> e.outcome THEN CASE n.outcome WHEN 'found' THEN 'added' ELSE 'gone' END
      WHEN \(differ) THEN 'changed' ELSE 'unchanged' END
    """

  /// The names of the fields that differ, separated by `;`; null for a row that is not `changed`.
  private static let changedFields = """
    CASE WHEN n.outcome = 'found' AND e.outcome = 'found' AND \(differ) THEN substr(
      \(fields.map(name).joined(separator: "\n      || ")), 2) END
    """

  private static func lastGood(_ column: String) -> String {
    "CASE WHEN n.outcome NOT IN \(answers) THEN e.\(column) END"
  }

  /// A `;` and the field's name if the field differs; otherwise an empty text. For an object, the names of its members.
  private static func name(_ field: RecordField) -> String {
    let column = field.column
    let name = field.kind == .json ? "coalesce((\(memberNames(of: column))), ';\(column)')" : "';\(column)'"
    return "CASE WHEN n.\(column) IS NOT e.\(column) THEN \(name) ELSE '' END"
  }

  /// The names of the members that differ, each after a `;`.
  ///
  /// Objects have sorted keys at every depth, so two texts differ exactly when their values differ. The result is null
  /// if the names can't be listed: a name could contain the separator `;`, and numbers may differ in digits that SQLite
  /// does not read.
  private static func memberNames(of column: String) -> String {
    """
    SELECT CASE WHEN count(*) <= \(mostMembers)
        AND min(length(key) BETWEEN 1 AND 64 AND key NOT GLOB '*[^A-Za-z0-9_.-]*')
      THEN group_concat(';\(column).' || key, '') END
    FROM (
      SELECT DISTINCT key FROM (
        SELECT key, type, value FROM (
          SELECT key, type, value FROM json_each(coalesce(n.\(column), '{}'))
          UNION ALL SELECT key, type, value FROM json_each(coalesce(e.\(column), '{}')))
        GROUP BY key, type, value HAVING count(*) = 1)
      ORDER BY key)
    """
  }
}
