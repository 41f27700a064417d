import InventoryModel
import TextFormats

/// A filter for rows, as it appears in the fragment of the page's URL, such as `finding=stale`. The script applies the
/// filter. Without a script, the browser scrolls to the first matching row.
struct RowFilter: Hashable {
  private let key: String
  private let value: String

  static func outcome(_ outcome: Outcome) -> RowFilter { RowFilter(key: "outcome", value: outcome.rawValue) }
  static let unanswered = RowFilter(key: "outcome", value: "unanswered")
  static func rule(_ rule: AuditRule) -> RowFilter { RowFilter(key: "finding", value: rule.name) }
  static func severity(_ severity: Severity) -> RowFilter { RowFilter(key: "finding", value: severity.rawValue) }
  static func change(_ change: Change) -> RowFilter { RowFilter(key: "change", value: change.rawValue) }
  static func host(_ host: String) -> RowFilter { RowFilter(key: "host", value: host) }

  var href: String { "#\(key)=\(PercentEncoding.encode(value))" }

  /// The ID of the element that ``href`` leads to; nil if the value can't be part of an ID.
  var anchor: String? {
    value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? "\(key)=\(value)" : nil
  }

  /// Returns all filters that a row matches.
  static func all(of row: ResultRow) -> [RowFilter] {
    var filters: [RowFilter] = [.outcome(row.outcome)]
    if !row.outcome.isAnswer { filters.append(.unanswered) }
    for finding in row.findings { filters += [.rule(finding.rule), .severity(finding.severity)] }
    if let change = row.change { filters.append(.change(change)) }
    if let host = row.integration?.webhookHost { filters.append(.host(host)) }
    return filters
  }
}
