import InventoryModel
import TextFormats

/// Counts over a run's rows for the summary in its reports. Rows can be added in any order.
struct AnswerFigures: Sendable {
  private(set) var outcomes = OutcomeCounts()
  private(set) var hosts = ValueCounts()
  private(set) var authTypes = ValueCounts()
  /// The credential that is common to all rows so far that have one.
  private var credential: ExactText?
  /// Whether there are several credentials. Their names are not kept: a list may contain a million unknown names.
  private var hasSeveralCredentials = false

  mutating func note(_ outcome: Outcome, credential name: String?) {
    outcomes[outcome] += 1
    guard !hasSeveralCredentials, let name = name.map(ExactText.init(_:)) else { return }
    if credential == nil { credential = name }
    hasSeveralCredentials = credential != name
  }

  /// Counts the values of a row that is `found`.
  mutating func note(host: String?, authType: String?) {
    hosts.note(host)
    authTypes.note(authType)
  }

  /// The one credential of all rows that have one; nil if there are several, or none.
  var onlyCredential: String? { hasSeveralCredentials ? nil : credential?.string }
}
