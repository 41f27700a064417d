import InventoryModel
import TextFormats

/// Counts over a run's rows for what its reports tell of it as a whole, row by row in any order.
struct AnswerFigures: Sendable {
  private(set) var outcomes = OutcomeCounts()
  private(set) var hosts = ValueCounts()
  private(set) var authTypes = ValueCounts()
  /// The credential that all rows so far have that have one.
  private var credential: ExactText?
  /// Whether there are others. Their names are not kept: a list may name a million that are unknown.
  private var hasSeveralCredentials = false

  mutating func note(_ outcome: Outcome, credential name: String?) {
    outcomes[outcome] += 1
    guard !hasSeveralCredentials, let name = name.map(ExactText.init(_:)) else { return }
    if credential == nil { credential = name }
    hasSeveralCredentials = credential != name
  }

  /// Of a row that is `found`.
  mutating func note(host: String?, authType: String?) {
    hosts.note(host)
    authTypes.note(authType)
  }

  /// The one credential of all rows that have one; nil where there are several, or none.
  var onlyCredential: String? { hasSeveralCredentials ? nil : credential?.string }
}
