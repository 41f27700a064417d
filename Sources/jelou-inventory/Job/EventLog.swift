import Collecting
import InventoryModel
import Logging

/// Tells what happens to single projects, at the debug level. nil when nobody listens, so that it costs nothing.
struct EventLog: Sendable {
  private let logger: Logger

  init?(logger: Logger) {
    guard logger.logLevel <= .debug else { return nil }
    self.logger = logger
  }

  var report: @Sendable (CollectingEvent) -> Void {
    { event in
      switch event {
      case .willRetry(let project, let attempt, let error, let wait):
        logger.debug("will ask again", metadata: describe(project, attempt: attempt, error: error, wait: wait))
      case .sentAway(let project, let attempt, let error, let wait):
        logger.debug("sent away", metadata: describe(project, attempt: attempt, error: error, wait: wait))
      case .settled(let project, let answer, let attempts):
        var metadata = describe(project)
        metadata["attempts"] = "\(attempts)"
        metadata["outcome"] = "\(answer.outcome.rawValue)"
        if let error = answer.error { metadata["error"] = "\(error.code.rawValue): \(error.message.visible)" }
        logger.debug("settled", metadata: metadata)
      }
    }
  }

  private func describe(
    _ project: PendingProject, attempt: Int, error: RowError?, wait: Duration
  ) -> Logger.Metadata {
    var metadata = describe(project)
    metadata["attempt"] = "\(attempt)"
    metadata["error"] = "\(error?.code.rawValue ?? "")"
    metadata["wait_ms"] = "\(Int(wait / .milliseconds(1)))"
    return metadata
  }

  private func describe(_ project: PendingProject) -> Logger.Metadata {
    ["line": "\(project.line)", "project_id": "\(project.projectID.visible)"]
  }
}
