package import InventoryModel

/// Why a run ends before its list is worked off.
package enum StopReason: Hashable, Sendable {
  case interrupted
  /// The run's time was over.
  case outOfTime
  /// What is left has to wait until after the run's time; the first of it until then.
  case nothingDueInTime(until: Timestamp)
  /// A minute went by with nothing but connection failures; the last of them.
  case gatewayUnreachable(RowError?)
  /// The gateway sends everybody away for longer than a run waits; whom it calls back first, until then.
  case sentAway(until: Timestamp)

  /// How the run stands afterwards.
  package var state: RunState {
    switch self {
    case .interrupted: .interrupted
    case .outOfTime, .nothingDueInTime, .gatewayUnreachable, .sentAway: .stopped
    }
  }

  /// From when on it makes sense to resume the run; nil for any time.
  package var resumeAfter: Timestamp? {
    switch self {
    case .nothingDueInTime(let time), .sentAway(let time): time
    case .interrupted, .outOfTime, .gatewayUnreachable: nil
    }
  }

  /// What it means for a row that is left open.
  package var rowError: RowError {
    switch self {
    case .interrupted: RowError(.interrupted, "The run was interrupted before the project was answered.")
    case .outOfTime: RowError(.outOfTime, "The run's time (--max-duration) was over before the project was answered.")
    case .nothingDueInTime:
      RowError(.outOfTime, "The gateway asks to wait until after the end of the run's time (--max-duration).")
    case .gatewayUnreachable(let last):
      RowError(
        .gatewayUnreachable,
        "The gateway was out of reach for a minute, and the run stopped." + (last.map { " \($0.message)" } ?? ""))
    case .sentAway(let time):
      RowError(
        .gatewayUnreachable,
        "The gateway asks every request to wait until \(time) or longer, and the run stopped.")
    }
  }
}
