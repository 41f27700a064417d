import InventoryModel

/// What a row `n` (new) says against the row `e` (earlier) of the same project, in SQL. `e` is an answer, or all null
/// where there is none.
enum ChangeSQL {
  static let answers = "('found', 'not_found')"

  /// Compared one by one, in the columns' order; `webhook_host` follows `webhook_url`.
  private static let fields = [
    "integration_id", "brain_id", "webhook_url", "auth_type", "created_at", "updated_at",
  ]

  /// Names of unknown fields that are told at most; where there are more, and for odd names, `extra` stands for all.
  private static let extraNamesTold = 10

  private static let differ = """
    (\((fields + ["extra"]).map { "n." + $0 }.joined(separator: ", ")))
      IS NOT (\((fields + ["extra"]).map { "e." + $0 }.joined(separator: ", ")))
    """

  /// A value of ``Change``.
  static let change = """
    CASE WHEN n.outcome NOT IN \(answers) THEN 'unknown'
      WHEN e.outcome IS NULL THEN 'new'
      WHEN n.outcome <> e.outcome THEN CASE n.outcome WHEN 'found' THEN 'added' ELSE 'gone' END
      WHEN \(differ) THEN 'changed' ELSE 'unchanged' END
    """

  /// Names of the fields that differ, joined by `;`; null for a row that is not `changed`.
  static let changedFields = """
    CASE WHEN n.outcome = 'found' AND e.outcome = 'found' AND \(differ) THEN substr(
      \(fields.map { "CASE WHEN n.\($0) IS NOT e.\($0) THEN ';\($0)' ELSE '' END" }.joined(separator: "\n      || "))
      || CASE WHEN n.extra IS e.extra THEN '' ELSE coalesce((\(extraNames)), ';extra') END, 2) END
    """

  static let lastGoodWebhookURL = "CASE WHEN n.outcome NOT IN \(answers) THEN e.webhook_url END"
  static let lastGoodAt = "CASE WHEN n.outcome NOT IN \(answers) THEN e.fetched_at END"

  /// The text of `extra` has sorted keys at every depth, so two texts differ exactly when their values do. Null where the
  /// names can't be told: a `;` would read as two of them, and numbers may differ beyond what SQLite reads of them.
  private static let extraNames = """
    SELECT CASE WHEN count(*) <= \(extraNamesTold)
        AND min(length(key) BETWEEN 1 AND 64 AND key NOT GLOB '*[^A-Za-z0-9_.-]*')
      THEN group_concat(';extra.' || key, '') END
    FROM (
      SELECT DISTINCT key FROM (
        SELECT key, type, value FROM (
          SELECT key, type, value FROM json_each(coalesce(n.extra, '{}'))
          UNION ALL SELECT key, type, value FROM json_each(coalesce(e.extra, '{}')))
        GROUP BY key, type, value HAVING count(*) = 1)
      ORDER BY key)
    """
}
