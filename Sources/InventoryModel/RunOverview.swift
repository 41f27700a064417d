/// A run at a glance: what its reports say above their rows, counted over all of them.
package struct RunOverview: Sendable {
  package var outcomes = OutcomeCounts()
  package var findings = FindingCounts()
  /// Rows with a finding of each rule; rules without any are left out.
  package var rules: [AuditRule: Int] = [:]
  package var changes = ChangeCounts()
  /// The newest ended run before this one, whose list ``unlisted`` is told against; nil in a first run. Changes of rows
  /// are told against the newest earlier answer for their project, which most often this run gave.
  package var previousRun: PreviousRun?
  /// The first ones, by their IDs; ``ChangeCounts/unlisted`` counts them all.
  package var unlisted: [UnlistedProject] = []
  /// Different projects among the rows, IDs that can't be asked for aside.
  package var projects = 0
  /// The hosts that most webhooks have, most first.
  package var hosts: [HostCount] = []
  /// Hosts beyond those in ``hosts``, and the rows that have them.
  package var otherHosts = HostCount(host: "", hosts: 0, rows: 0)
  /// Rows with an integration by the age of their last update at the end of the run.
  package var ages: [UpdateAge: Int] = [:]
  /// Rows with an integration by their authentication; nil for none. Most first.
  package var authTypes: [AuthTypeCount] = []
  /// Names of the credentials that its rows have, in order.
  package var credentials: [String] = []
  /// Ended runs of the database up to this one, oldest first; the newest of them when there are many.
  package var history: [HistoricRun] = []

  package init() {}

  /// Rows with webhooks of one host, or of several.
  package struct HostCount: Hashable, Sendable {
    /// Lower case; empty where it can't be read, and for several.
    package var host: String
    package var hosts: Int
    package var rows: Int

    package init(host: String, hosts: Int = 1, rows: Int) {
      self.host = host
      self.hosts = hosts
      self.rows = rows
    }
  }

  package struct PreviousRun: Hashable, Sendable {
    package var id: Int64
    package var startedAt: Timestamp

    package init(id: Int64, startedAt: Timestamp) {
      self.id = id
      self.startedAt = startedAt
    }
  }

  package struct AuthTypeCount: Hashable, Sendable {
    package var authType: String?
    package var rows: Int

    package init(authType: String?, rows: Int) {
      self.authType = authType
      self.rows = rows
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
