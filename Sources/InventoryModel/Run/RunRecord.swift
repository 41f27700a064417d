package import TextFormats

/// Where a run stands.
package enum RunState: String, Sendable {
  /// Begun, and its reports are not in place yet.
  case running
  /// Its manifest is in place.
  case finished
  /// Ended by a signal; resumable.
  case interrupted
  /// Ended early by itself; resumable.
  case stopped
  /// Like finished, but too many integrations have disappeared at once: not part of the history until it is accepted.
  case held
}

/// What the ledger keeps of a run besides its rows.
package struct RunRecord: Sendable {
  package var id: Int64
  package var state: RunState
  package var startedAt: Timestamp
  /// When collecting ended; nil while it goes on.
  package var finishedAt: Timestamp?
  /// As given on the command line; `-` for standard input.
  package var listPath: String
  /// Rows of the list, invalid ones included; of a shard, its own.
  package var listRows: Int
  /// Rows of the whole list; nil in runs that began without it, which were of the whole list.
  package var wholeListRows: Int?
  /// Of the whole list's rows (``ListDigest``); nil in runs that began without one.
  package var listDigest: String?
  /// Names of the list's other columns, in its order.
  package var inputColumns: [String]
  package var baseURL: String
  /// As given, e.g. `10/s`.
  package var rate: String
  package var concurrency: Int
  /// `I/N`.
  package var shard: String
  /// Of the program that began the run.
  package var version: String
  /// Requests sent so far, retries included.
  package var requests: Int
  /// Requests that got an HTTP response, whatever its status.
  package var responses: Int
  /// When the run was deleted, and all of its rows but those that others need; nil for one that is there.
  package var prunedAt: Timestamp?
  /// Why the run is held; nil in any other state.
  package var held: HeldReason?
  /// From when on it makes sense to resume a run that stopped because the gateway asks to wait; nil in any other.
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

/// How many rows have each outcome.
package struct OutcomeCounts: Hashable, Sendable {
  private var counts: [Outcome: Int] = [:]

  package init() {}

  /// Rows with this outcome; 0 where none has it.
  package subscript(outcome: Outcome) -> Int {
    get { counts[outcome, default: 0] }
    set { counts[outcome] = newValue }
  }

  /// Rows with any outcome.
  package var total: Int { counts.values.reduce(0, +) }

  /// Rows whose project the gateway has told about.
  package var answered: Int { Outcome.allCases.filter(\.isAnswer).reduce(0) { $0 + self[$1] } }
}

/// A run in a list of runs.
package struct RunListing: Sendable {
  package var record: RunRecord
  /// Of the settled rows.
  package var outcomes: OutcomeCounts

  package init(record: RunRecord, outcomes: OutcomeCounts) {
    self.record = record
    self.outcomes = outcomes
  }
}
