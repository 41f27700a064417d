package import Auditing
package import InventoryModel

/// How to complete a run whose rows are all settled.
package struct RunEnding: Sendable {
  package var reports: ReportDestination
  /// nil for a temporary database.
  package var databasePath: String?
  package var audit: AuditSettings
  /// How many integrations may disappear before the run is held.
  package var maxGone: GoneLimit
  /// Conditions that cause exit status 1.
  package var failConditions: [FailCondition]

  package init(
    reports: ReportDestination, databasePath: String?, audit: AuditSettings, maxGone: GoneLimit,
    failConditions: [FailCondition]
  ) {
    self.reports = reports
    self.databasePath = databasePath
    self.audit = audit
    self.maxGone = maxGone
    self.failConditions = failConditions
  }
}
