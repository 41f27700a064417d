/// What the program has to say of a replayed year, by the gateway's own record alone.
struct YearModel {
  /// What the gateway last said of a project.
  struct Answer: Hashable, Sendable {
    var integration: YearIntegration?
    /// RFC 3339, and when the program says that it had it.
    var sentAt: String
    var fetchedAt = ""

    var outcome: String { integration == nil ? "not_found" : "found" }
  }

  /// A row of the list, and what is to be told of it.
  struct Row: Sendable {
    var line: Int
    var projectID: String
    /// nil for a row without an answer.
    var answer: Answer?
    var isInvalid: Bool
    /// Empty for none.
    var change = ""
    var changedFields: [String] = []
    /// The earlier answer that the row is compared with.
    var previous: Answer?

    var lastGood: Answer? { change == "unknown" ? previous : nil }
  }

  /// How a run ended.
  enum Standing: String, Sendable {
    case finished, interrupted, held
  }

  struct Run: Sendable {
    var rows: [Row]
    /// Later runs are compared with finished ones alone.
    var standing = Standing.finished
    /// Projects of the run before that this one lacks, sorted, with what was last known of them.
    var unlisted: [(projectID: String, lastGood: Answer?)] = []
    /// What was last said of each project when the run had ended, by this run and those before it.
    var known: [String: Answer] = [:]

    /// First answer of each project.
    var answers: [String: Answer] {
      var answers: [String: Answer] = [:]
      for row in rows where answers[row.projectID] == nil { answers[row.projectID] = row.answer }
      return answers
    }

    var projects: Set<String> { Set(rows.filter { !$0.isInvalid }.map(\.projectID)) }
  }

  /// Ended runs, oldest first.
  private(set) var runs: [Run] = []
  /// What was last said of each project, by all finished runs; of deleted ones, as far as it has to stay.
  private(set) var known: [String: Answer] = [:]

  /// A run that has ended, or has been asked again: compared with all before it.
  func run(
    _ list: [YearLists.Row], sent: [YearGateway.Question: YearGateway.Sent], _ standing: Standing
  ) -> Run {
    var run = Run(
      rows: list.map { row in
        var answer: Answer?
        if !row.isInvalid, let sent = sent[row.question] {
          switch sent.reply {
          case .found(let integration): answer = Answer(integration: integration, sentAt: sent.at)
          case .notFound: answer = Answer(sentAt: sent.at)
          case .nothing: break
          }
        }
        return Row(line: row.line, projectID: row.projectID, answer: answer, isInvalid: row.isInvalid)
      })
    run.standing = standing
    guard standing != .held, let before = runs.last(where: { $0.standing == .finished }) else { return run }
    Self.compare(&run, with: known, unlistedBy: before)
    return run
  }

  /// Exactly two runs.
  static func between(_ earlier: Run, _ later: Run) -> Run {
    var run = later
    compare(&run, with: earlier.answers, unlistedBy: earlier)
    return run
  }

  private static func compare(_ run: inout Run, with answers: [String: Answer], unlistedBy before: Run) {
    for index in run.rows.indices where !run.rows[index].isInvalid {
      compare(&run.rows[index], with: answers[run.rows[index].projectID])
    }
    run.unlisted = before.projects.subtracting(run.projects).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { ($0, before.known[$0]) }
  }

  private static func compare(_ row: inout Row, with previous: Answer?) {
    row.previous = previous
    row.changedFields = []
    switch (previous, row.answer) {
    case (_, nil): row.change = "unknown"
    case (nil, _): row.change = "new"
    case (let before?, let now?):
      switch (before.integration, now.integration) {
      case (nil, nil): row.change = "unchanged"
      case (nil, _): row.change = "added"
      case (_, nil): row.change = "gone"
      case (let before?, let now?):
        row.change = before == now ? "unchanged" : "changed"
        if before != now { row.changedFields = before.changedFields(in: now) }
      }
    }
  }

  /// From now on, later runs are compared with it if it is finished.
  mutating func add(_ run: Run) {
    var run = run
    switch run.standing {
    case .finished:
      known.merge(run.answers) { _, newer in newer }
      run.known = known
    case .interrupted: run.known = known.merging(run.answers) { _, newer in newer }
    // Compared with nothing, it knows its own answers alone.
    case .held: run.known = run.answers
    }
    runs.append(run)
  }

  /// Runs have been deleted, all but these: projects that none of them knows are forgotten.
  mutating func forget(allBut kept: [Int]) {
    let projects = kept.reduce(into: Set<String>()) { projects, number in
      projects.formUnion(runs[number - 1].projects.union(runs[number - 1].unlisted.map(\.projectID)))
    }
    known = known.filter { projects.contains($0.key) }
  }
}
