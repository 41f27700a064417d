import InventoryModel

/// Counts over a run's rows for what its reports tell of it as a whole, row by row in any order.
struct AnswerFigures: Sendable {
  private(set) var outcomes = OutcomeCounts()
  private(set) var hosts = ValueCounts()
  private(set) var authTypes = ValueCounts()
  private var credentials: Set<ExactText> = []
  /// Most rows have that of the row before.
  private var lastCredential: ExactText?

  mutating func note(_ outcome: Outcome, credential: String?) {
    outcomes[outcome] += 1
    let credential = credential.map(ExactText.init(_:))
    if let credential, credential != lastCredential { credentials.insert(credential) }
    lastCredential = credential
  }

  /// Of a row that is `found`.
  mutating func note(host: String?, authType: String?) {
    hosts.note(host)
    authTypes.note(authType)
  }

  /// In the order of their bytes.
  var sortedCredentials: [String] { credentials.sorted().map(\.string) }
}
