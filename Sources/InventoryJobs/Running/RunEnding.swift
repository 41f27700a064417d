package import Auditing
package import InventoryModel

/// What is made of a run whose rows are all settled.
package struct RunEnding: Sendable {
  package var reports: ReportDestination
  /// nil for a temporary one.
  package var databasePath: String?
  package var audit: AuditSettings
  /// How many integrations may have disappeared before the run is held.
  package var maxGone: GoneLimit
  /// What makes it end with 1.
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
