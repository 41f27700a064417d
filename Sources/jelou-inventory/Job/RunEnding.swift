import Auditing
import InventoryModel

/// What is made of a run whose rows are all settled.
struct RunEnding: Sendable {
  var reports: ReportDestination
  /// nil for a temporary one.
  var databasePath: String?
  var audit: AuditSettings
  /// What makes it end with 1.
  var failConditions: [FailCondition]
}

extension RunPlan {
  var ending: RunEnding {
    RunEnding(reports: reports, databasePath: databasePath, audit: audit, failConditions: failConditions)
  }
}
