import InventoryModel

/// Compares a row `n` (new) with a row `e` (earlier) of the same project, in SQL. `e` is an answer; if there is none, all
/// its columns are null.
enum ChangeSQL {
  static let answers = "('found', 'not_found')"

  private static let fields = RecordField.all.filter(\.isCompared)

  /// The greatest number of an object's members that are named; the name of the object stands for more.
  private static let mostMembers = 10

  private static let differ = "(\(compared("n"))) IS NOT (\(compared("e")))"

  private static func compared(_ row: String) -> String {
    fields.map { "\(row).\($0.column)" }.joined(separator: ", ")
  }

  /// The fields of ``RecordField/Origin/comparison``.
  static let columns = RecordField.all.filter { $0.origin == .comparison }.map(\.column)

  /// The value of one of the ``columns``.
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

  /// Names of the fields that differ, joined by `;`; null for a row that is not `changed`.
  private static let changedFields = """
    CASE WHEN n.outcome = 'found' AND e.outcome = 'found' AND \(differ) THEN substr(
      \(fields.map(name).joined(separator: "\n      || ")), 2) END
    """

  private static func lastGood(_ column: String) -> String {
    "CASE WHEN n.outcome NOT IN \(answers) THEN e.\(column) END"
  }

  /// The field's name behind a `;` where it differs, else an empty text. Of an object, the names of its members.
  private static func name(_ field: RecordField) -> String {
    let column = field.column
    let name = field.kind == .json ? "coalesce((\(memberNames(of: column))), ';\(column)')" : "';\(column)'"
    return "CASE WHEN n.\(column) IS NOT e.\(column) THEN \(name) ELSE '' END"
  }

  /// The objects have sorted keys at every depth, so two texts differ exactly when their values do. Null where the
  /// names can't be listed: a `;` would separate them, and numbers may differ in digits that SQLite does not read.
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
