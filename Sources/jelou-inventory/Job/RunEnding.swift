import Auditing
import InventoryModel

/// What is made of a run whose rows are all settled.
struct RunEnding: Sendable {
  var reports: ReportDestination
  /// nil for a temporary one.
  var databasePath: String?
  var audit: AuditSettings
  /// How many integrations may have disappeared before the run is held.
  var maxGone: GoneLimit
  /// What makes it end with 1.
  var failConditions: [FailCondition]
}

extension RunPlan {
  var ending: RunEnding {
    RunEnding(
      reports: reports, databasePath: databasePath, audit: audit, maxGone: maxGone, failConditions: failConditions)
  }
}
