package import Collecting
package import InventoryModel
import TextFormats

/// The results of a finished run.
package struct RunSummary: Sendable {
  /// Maximum number of rows listed individually for a condition.
  package static let rowsShown = 5
  /// Maximum number of causes described for rows without an answer.
  package static let causesShown = 8
  /// Maximum number of rows or credentials shown as examples of each cause.
  package static let examplesShown = 3

  package let record: RunRecord
  package let outcomes: OutcomeCounts
  /// Rows whose 404 response did not come from the gateway itself.
  package let notTheGateway: Int
  package let findings: FindingCounts
  /// How the rows compare with earlier answers; no counts in a database's first run.
  package let changes: ChangeCounts
  /// The finished run before this one; nil in a first run and in a held run.
  package let previousRun: RunOverview.PreviousRun?
  package let retries: Int
  /// Rows that a resumed run requests.
  package let openRows: Int
  /// How long the gateway kept the rate below the requested rate.
  package let throttled: Duration
  /// Why rows are open; nil if none are open.
  package let stopReason: StopReason?
  /// Why rows have no answer; the cause with the most rows comes first.
  package let causes: Sample<UnansweredCause>
  /// The `--fail-on` conditions that matched, in the order given.
  package let conditions: [ConditionCheck]
  package let everyCredentialWasRefused: Bool
  /// nil for a temporary database, which no later run can use.
  package let databasePath: String?
  /// The existing files among the reports, the manifest, and the database.
  package let files: [String]

  /// Rows without an answer.
  package var unanswered: Int { outcomes.total - outcomes.answered }

  package var status: ExitStatus {
    if everyCredentialWasRefused { return .refusedCredentials }
    switch stopReason {
    case .gatewayUnreachable: return .gatewayUnreachable
    case nil where record.requests > 0 && record.responses == 0: return .gatewayUnreachable
    case nil, .interrupted, .outOfTime, .nothingDueInTime, .sentAway:
      if record.held != nil { return .held }
      if unanswered > 0 { return .incomplete }
      return conditions.isEmpty ? .complete : .conditionHolds
    }
  }

  /// What the status means, for the last line shown to the user; nil if there is no problem.
  package var verdict: String? {
    switch status {
    case .refusedCredentials:
      "The gateway refused every credential (401), so no project was answered. Check the keys and --base-url."
    case .gatewayUnreachable where record.responses > 0:
      "\(record.baseURL) became unreachable, and the run stopped."
    case .gatewayUnreachable: Self.noAnswer(from: record.baseURL)
    case .held: record.held.map { "Run \(record.id) is held: \($0). \(acceptance)" }
    case .incomplete:
      "\(unanswered.counted("row has", "rows have")) no answer; the reports list them with the causes."
    case .conditionHolds:
      "Every row was answered, but --fail-on matched: \(conditions.map(\.text).joined(separator: ", "))."
    default: nil
    }
  }

  package static func noAnswer(from baseURL: String) -> String {
    "No HTTP response came from \(baseURL). Check the address and the network."
  }

  package static func wrongAddress(_ baseURL: String) -> String {
    "The base URL is probably wrong: \(baseURL). Check --base-url; if it is correct, use --not-found-by status."
  }

  /// What to do about open rows; nil when there are none.
  package var resumption: String? {
    guard let stopReason else { return nil }
    let rows = openRows.counted("row is open", "rows are open")
    let reason =
      switch stopReason {
      case .interrupted: "The run was interrupted"
      case .outOfTime: "The run reached its time limit (--max-duration)"
      case .nothingDueInTime(let time):
        "The gateway asks to wait until \(time.inWords), which is after the run's time limit (--max-duration)"
      case .gatewayUnreachable: "The gateway was unreachable for a minute"
      case .sentAway(let time): "The run stopped because the gateway asks all requests to wait until \(time.inWords)"
      }
    guard databasePath != nil else { return "\(reason): \(rows)." }
    let time = stopReason.resumeAfter == nil ? "" : " after that time"
    return "\(reason): \(rows). Continue\(time) with the same command and --resume."
  }

  /// What to do about a held run.
  private var acceptance: String {
    let check = "Check --base-url (\(record.baseURL)) and the credentials."
    guard let databasePath else { return check }
    return "Held runs are not part of the history. \(check) If the result is wrong, fix the cause and start a new run. "
      + "If it is correct, accept it: jelou-inventory runs --accept \(record.id) --database \(databasePath)"
  }

  /// A sign of a wrong address: no answer from the gateway itself, or no project with an integration; nil if there is
  /// none.
  package var suspicion: String? {
    if notTheGateway > 0, outcomes.answered == 0 {
      let rows = notTheGateway == 1 ? "1 row" : "\(notTheGateway) rows"
      return "\(rows) got a 404 that is not from the gateway. \(Self.wrongAddress(record.baseURL))"
    }
    guard outcomes[.found] == 0, outcomes[.notFound] > 1, unanswered == 0, record.held == nil else { return nil }
    return "No project has an integration. If you expected some, check --base-url: \(record.baseURL)"
  }
}

extension ConditionCheck {
  /// For example, `not-found (3 rows)`.
  fileprivate var text: String { "\(condition) (\(rows.counted("row", "rows")))" }
}
