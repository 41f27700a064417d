import Auditing
import InventoryModel
import Reporting

/// What is made of a run whose rows are all settled.
struct RunEnding: Sendable {
  /// nil where none are written.
  var reports: ReportFolder?
  var databasePath: String
  var audit: AuditSettings
  /// What makes it end with 1.
  var failConditions: [FailCondition]
}

extension RunPlan {
  var ending: RunEnding {
    RunEnding(reports: reports, databasePath: databasePath, audit: audit, failConditions: failConditions)
  }
}
