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
        host.debug(
          "\(name(project)): attempt \(attempt) failed (\(code(error))); retrying in \(wait.inWords)",
          as: "will ask again", describe(project, attempt: attempt, error: error, wait: wait))
      case .sentAway(let project, let attempt, let error, let wait):
        host.debug(
          "\(name(project)): attempt \(attempt) failed (\(code(error))); the gateway asks to wait \(wait.inWords)",
          as: "sent away", describe(project, attempt: attempt, error: error, wait: wait))
      case .settled(let project, let answer, let attempts):
        let reason = answer.error.map { "\($0.code.rawValue): \($0.message.visible)" }
        let outcome = answer.outcome.rawValue
        host.debug(
          "\(name(project)): \(outcome) after \(attempts.counted("attempt", "attempts"))"
            + (reason.map { " (\($0))" } ?? ""),
          as: "settled",
          describe(project) + [("attempts", .number(String(attempts))), ("outcome", .string(outcome))]
            + (reason.map { [("error", .string($0))] } ?? []))
      }
    }
  }

  private func name(_ project: PendingProject) -> String { "line \(project.line) \(project.projectID.visible)" }

  private func code(_ error: RowError?) -> String { error?.code.rawValue ?? "no error code" }

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
