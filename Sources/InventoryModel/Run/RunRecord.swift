package import TextFormats

/// The state of a run.
package enum RunState: String, Sendable {
  /// The run has started, and its reports are not in place yet.
  case running
  /// The run's manifest is in place.
  case finished
  /// A signal ended the run. It can be resumed.
  case interrupted
  /// The run ended early on its own. It can be resumed.
  case stopped
  /// Like finished, but too many integrations disappeared at once. The run is not part of the history until it is
  /// accepted.
  case held
}

/// The ledger's data about a run, without its rows.
package struct RunRecord: Sendable {
  package var id: Int64
  package var state: RunState
  package var startedAt: Timestamp
  /// End of collecting; nil while it is in progress.
  package var finishedAt: Timestamp?
  /// Path of the list as given on the command line; `-` for standard input.
  package var listPath: String
  /// Number of rows of the list, including invalid ones. For a shard, only the shard's own rows count.
  package var listRows: Int
  /// Number of rows of the whole list; nil for runs that started before this value was recorded, which always covered
  /// the whole list.
  package var wholeListRows: Int?
  /// Digest of the whole list's rows (``ListDigest``); nil for runs that started before this value was recorded.
  package var listDigest: String?
  /// Names of the list's other columns, in list order.
  package var inputColumns: [String]
  package var baseURL: String
  /// Rate limit as given, e.g. `10/s`.
  package var rate: String
  package var concurrency: Int
  /// The shard as `I/N`.
  package var shard: String
  /// Version of the program that started the run.
  package var version: String
  /// Number of requests sent so far, including retries.
  package var requests: Int
  /// Number of requests that received an HTTP response, whatever its status.
  package var responses: Int
  /// Time at which the run was deleted, with all of its rows except those that other runs need; nil if the run still
  /// exists.
  package var prunedAt: Timestamp?
  /// Why the run is held; nil in any other state.
  package var held: HeldReason?
  /// Earliest time at which resuming makes sense, for a run that stopped because the gateway requires a wait; nil for
  /// any other run.
  package var resumeAfter: Timestamp?

  package init(
    id: Int64 = 0, state: RunState = .running, startedAt: Timestamp, finishedAt: Timestamp? = nil, listPath: String,
    listRows: Int = 0, wholeListRows: Int? = nil, listDigest: String? = nil, inputColumns: [String], baseURL: String,
    rate: String,
    concurrency: Int, shard: String = "1/1",
    version: String, requests: Int = 0, responses: Int = 0, prunedAt: Timestamp? = nil,
    held: HeldReason? = nil, resumeAfter: Timestamp? = nil
  ) {
    self.id = id
    self.state = state
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.listPath = listPath
    self.listRows = listRows
    self.wholeListRows = wholeListRows
    self.listDigest = listDigest
    self.inputColumns = inputColumns
    self.baseURL = baseURL
    self.rate = rate
    self.concurrency = concurrency
    self.shard = shard
    self.version = version
    self.requests = requests
    self.responses = responses
    self.prunedAt = prunedAt
    self.held = held
    self.resumeAfter = resumeAfter
  }
}

/// An entry in a list of runs.
package struct RunListing: Sendable {
  package var record: RunRecord
  /// Outcomes of the settled rows.
  package var outcomes: OutcomeCounts

  package init(record: RunRecord, outcomes: OutcomeCounts) {
    self.record = record
    self.outcomes = outcomes
  }
}
