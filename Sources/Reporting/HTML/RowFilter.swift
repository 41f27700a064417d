import InventoryModel
import TextFormats

/// A choice of rows, as the page's address names it after its number sign: `finding=stale` for instance. The script
/// filters by it; without a script the browser goes to the first such row.
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

  /// The element to which ``href`` leads; nil where its name can't be one.
  var anchor: String? {
    value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? "\(key)=\(value)" : nil
  }

  /// All that a row is among.
  static func all(of row: ResultRow) -> [RowFilter] {
    var filters: [RowFilter] = [.outcome(row.outcome)]
    if !row.outcome.isAnswer { filters.append(.unanswered) }
    for finding in row.findings { filters += [.rule(finding.rule), .severity(finding.severity)] }
    if let change = row.change { filters.append(.change(change)) }
    if let host = row.integration?.webhookHost { filters.append(.host(host)) }
    return filters
  }
}
