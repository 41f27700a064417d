package import InventoryModel
package import TextFormats

/// Why a run ends before all projects are settled.
package enum StopReason: Hashable, Sendable {
  case interrupted
  /// The time limit was reached.
  case outOfTime
  /// Everything that is left has to wait until after the time limit, the first of it until this time.
  case nothingDueInTime(until: Timestamp)
  /// Nothing but connection failures for a minute; the last of them.
  case gatewayUnreachable(RowError?)
  /// The gateway asks every request to wait for longer than a run waits, the first of them until this time.
  case sentAway(until: Timestamp)

  /// The state of the run afterwards.
  package var state: RunState {
    switch self {
    case .interrupted: .interrupted
    case .outOfTime, .nothingDueInTime, .gatewayUnreachable, .sentAway: .stopped
    }
  }

  /// The earliest time at which resuming the run makes sense; nil for any time.
  package var resumeAfter: Timestamp? {
    switch self {
    case .nothingDueInTime(let time), .sentAway(let time): time
    case .interrupted, .outOfTime, .gatewayUnreachable: nil
    }
  }

  /// The error of a row that is left open.
  package var rowError: RowError {
    switch self {
    case .interrupted: RowError(.interrupted, "The run was interrupted before the project was answered.")
    case .outOfTime:
      RowError(.outOfTime, "The run reached its time limit (--max-duration) before the project was answered.")
    case .nothingDueInTime:
      RowError(.outOfTime, "The gateway asks to wait until after the run's time limit (--max-duration).")
    case .gatewayUnreachable(let last):
      RowError(
        .gatewayUnreachable,
        "The run stopped because the gateway was unreachable for a minute." + (last.map { " \($0.message)" } ?? ""))
    case .sentAway(let time):
      RowError(
        .gatewayUnreachable,
        "The run stopped because the gateway asks all requests to wait until \(time) or longer.")
    }
  }
}
