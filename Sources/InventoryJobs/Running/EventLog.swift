import Collecting
import InventoryModel
import TextFormats

/// Logs events of individual projects at the debug level. nil if debug messages are not shown, to avoid the cost.
struct EventLog: Sendable {
  private let host: any JobHost

  init?(host: any JobHost) {
    guard host.showsDebugMessages else { return nil }
    self.host = host
  }

  var report: @Sendable (CollectingEvent) -> Void {
    { event in
      switch event {
      case .willRetry(let project, let attempt, let error, let wait):
        host.debug("will ask again", describe(project, attempt: attempt, error: error, wait: wait))
      case .sentAway(let project, let attempt, let error, let wait):
        host.debug("sent away", describe(project, attempt: attempt, error: error, wait: wait))
      case .settled(let project, let answer, let attempts):
        let error: [(name: String, value: JSONValue)] =
          answer.error.map { [("error", .string("\($0.code.rawValue): \($0.message.visible)"))] } ?? []
        host.debug(
          "settled",
          describe(project) + [("attempts", .number(String(attempts))), ("outcome", .string(answer.outcome.rawValue))]
            + error)
      }
    }
  }

  private func describe(
    _ project: PendingProject, attempt: Int, error: RowError?, wait: Duration
  ) -> [(name: String, value: JSONValue)] {
    describe(project) + [
      ("attempt", .number(String(attempt))), ("error", .string(error?.code.rawValue ?? "")),
      ("wait_ms", .number(String(Int(wait / .milliseconds(1))))),
    ]
  }

  private func describe(_ project: PendingProject) -> [(name: String, value: JSONValue)] {
    [("line", .number(String(project.line))), ("project_id", .string(project.projectID.visible))]
  }
}
