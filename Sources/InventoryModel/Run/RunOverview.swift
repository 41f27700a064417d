package import TextFormats

/// A run at a glance: what its reports say above their rows, counted over all of them.
package struct RunOverview: Sendable {
  package var outcomes = OutcomeCounts()
  /// Rows whose 404 was not the gateway's own; they are ``Outcome/invalidResponse``.
  package var notTheGateway = 0
  package var findings = FindingCounts()
  /// Rows with a finding of each rule; rules without any are left out.
  package var rules: [AuditRule: Int] = [:]
  package var changes = ChangeCounts()
  /// The newest finished run before this one, whose list ``unlisted`` is compared with; nil in a first run and in one
  /// that is held. Rows are compared with the newest earlier answer for their project, which most often that run gave.
  package var previousRun: PreviousRun?
  /// The first ones, by their IDs; ``ChangeCounts/unlisted`` counts them all.
  package var unlisted: [UnlistedProject] = []
  /// Different projects among the rows, IDs that can't be asked for aside.
  package var projects = 0
  /// Rows with an integration by their webhook's host, lower case; nil where it can't be read.
  package var hosts = Ranking()
  /// Rows with an integration by the age of their last update at the end of the run.
  package var ages: [UpdateAge: Int] = [:]
  /// Rows with an integration by their authentication; nil for none.
  package var authTypes = Ranking()
  /// The credential of all its rows that have one; nil where there are several, or none.
  package var onlyCredential: String?
  /// Ended runs of the database up to this one, oldest first, without others that are held; the newest of them when
  /// there are many.
  package var history: [HistoricRun] = []

  package init() {}

  /// Rows by a value that they have: the values that most have, and the rest of them together.
  package struct Ranking: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
      package var value: String?
      package var rows: Int

      package init(value: String?, rows: Int) {
        self.value = value
        self.rows = rows
      }
    }

    /// Most first.
    package var entries: [Entry] = []
    /// Values beyond those in ``entries``, and the rows that have one of them.
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
    /// There is no time, or none that can be read.
    case unreadable
  }

  /// What is told of a run among others.
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
