package import TextFormats

/// The summary of a run: what its reports show above their rows, counted over all rows.
package struct RunOverview: Sendable {
  package var outcomes = OutcomeCounts()
  /// Number of rows whose 404 does not come from the gateway itself; their outcome is ``Outcome/invalidResponse``.
  package var notTheGateway = 0
  package var findings = FindingCounts()
  /// Number of rows with a finding of each rule. Rules without findings are omitted.
  package var rules: [AuditRule: Int] = [:]
  package var changes = ChangeCounts()
  /// The newest finished run before this one; nil in a first run and in a held run. ``unlisted`` is relative to that
  /// run's list. Rows are compared with the newest earlier answer for their project, which usually comes from that run.
  package var previousRun: PreviousRun?
  /// The first unlisted projects, by ID. ``ChangeCounts/unlisted`` counts all of them.
  package var unlisted: [UnlistedProject] = []
  /// Number of distinct projects in the rows, without invalid IDs.
  package var projects = 0
  /// Rows with an integration by the host of their webhook in lower case; the value is nil if the host can't be parsed.
  package var hosts = Ranking()
  /// Rows with an integration by the age of their last update at the end of the run.
  package var ages: [UpdateAge: Int] = [:]
  /// Rows with an integration by authentication type; the value is nil if there is none.
  package var authTypes = Ranking()
  /// The credential that all rows with a credential share; nil if there are several or none.
  package var onlyCredential: String?
  /// Ended runs of the database up to and including this one, oldest first, without other held runs. If there are many,
  /// only the newest are included.
  package var history: [HistoricRun] = []

  package init() {}

  /// Row counts by value: the most frequent values, and all others combined.
  package struct Ranking: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
      package var value: String?
      package var rows: Int

      package init(value: String?, rows: Int) {
        self.value = value
        self.rows = rows
      }
    }

    /// Most frequent values first.
    package var entries: [Entry] = []
    /// Number of values that are not in ``entries``, and number of rows with such a value.
    package var otherValues = 0
    package var otherRows = 0

    package init() {}
  }

  package struct PreviousRun: Hashable, Sendable {
    package var id: Int64
    package var startedAt: Timestamp

    package init(id: Int64, startedAt: Timestamp) {
      self.id = id
      self.startedAt = startedAt
    }
  }

  /// How long ago an integration was updated.
  package enum UpdateAge: String, CaseIterable, Sendable {
    case upTo30Days, upTo90Days, upTo180Days, upTo365Days, upTo730Days, older
    /// There is no time, or it can't be parsed.
    case unreadable
  }

  /// An entry in the history of runs.
  package struct HistoricRun: Hashable, Sendable {
    package var id: Int64
    package var startedAt: Timestamp
    package var rows: Int
    package var outcomes: OutcomeCounts

    package init(id: Int64, startedAt: Timestamp, rows: Int, outcomes: OutcomeCounts) {
      self.id = id
      self.startedAt = startedAt
      self.rows = rows
      self.outcomes = outcomes
    }
  }
}
