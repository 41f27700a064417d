import Auditing
import Foundation
import GRDB
import InventoryModel
import LedgerQueries
import TextFormats

@testable import Ledger

/// Everything that the program does with its database, on a history large enough for the way a statement takes to matter.
struct StatementBattery {
  private let folder: URL
  private let path: String
  private let ledger: LedgerDatabase

  /// - Parameter name: part of every path.
  init(name: String) throws {
    folder = FileManager.default.temporaryDirectory.appending(component: "\(name)-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(component: "inventory.db").path()
    ledger = try LedgerDatabase(path: path)
  }

  func removeFiles() { try? FileManager.default.removeItem(at: folder) }

  func run() async throws {
    for number in 0..<3 { try await finishRun(number) }
    try await comparedRuns()
    try await resumedRun()
    try await heldRun()
    try await largeLists()
    try readAsUsersDo()
    try prune()
    try await merge(shards: 3)
    try await merge(shards: 101)
    try await renewMerge()
    try ledger.close()
    try lookFromOutside()
  }

  // MARK: Runs

  private static let credentials = (0..<20).map { "c\($0)" }

  /// Rows of which every tenth names the project of an earlier one.
  private func rows(_ count: Int) -> [ImportedRow] {
    (0..<count).map { index in
      let line = index + 2
      let number = index % 10 == 9 ? index - 9 : index
      if index == 5 {
        return ImportedRow(
          line: line, projectID: "..", .refused(.invalidID, RowError(.idDotSegment, "No."), credential: nil))
      }
      if index == 6 {
        return ImportedRow(line: line, projectID: "x", .refused(.skipped, .noCredential, credential: nil))
      }
      if index == 7 {
        let unknown = RowError(.credentialUnknown, "There is no credential named c.")
        return ImportedRow(line: line, projectID: "y", .refused(.skipped, unknown, credential: "c"))
      }
      return ImportedRow(
        line: line, projectID: "p\(number)", input: #"{"owner":"o\#(index % 7)","team":"t"}"#,
        .pending(credential: Self.credentials[number % 20]))
    }
  }

  private static func time(_ minutes: Int) -> Timestamp {
    Timestamp(milliseconds: 1_700_000_000_000 + Int64(minutes) * 60_000)
  }

  private func begin(_ rows: [ImportedRow], at minute: Int) throws -> Int64 {
    var record = RunRecord.sample(inputColumns: ["owner", "team"])
    record.startedAt = Self.time(minute)
    var rows = rows[...]
    return try ledger.beginRun(record) {
      rows.popFirst()
    } list: {
      ImportedList(digest: "digest")
    }.id
  }

  /// Answers a run's pending projects, page by page.
  private func answer(
    _ run: Int64, at minute: Int, _ answer: (PendingProject) -> Answer?
  ) async throws -> [CollectedAnswer] {
    var all: [CollectedAnswer] = []
    var line = 0
    while true {
      let page = try await ledger.pendingProjects(ofRun: run, afterLine: line, limit: 500)
      guard let last = page.last else { return all }
      line = last.line
      let answers = page.compactMap { project in
        answer(project).map {
          CollectedAnswer(
            project: project, answer: $0, attempts: 1, durationMS: project.line, fetchedAt: Self.time(minute))
        }
      }
      try await ledger.commit(answers, requests: answers.count, responses: answers.count, toRun: run)
      all += answers
    }
  }

  private static func found(_ project: PendingProject, _ number: Int = 0) -> Answer {
    let webhook = project.line % 50 == 3 ? "https://shared.example/" : "https://h\(project.line).example/\(number)"
    return Answer(
      outcome: .found, httpStatus: 200,
      integration: Integration(
        webhookURL: webhook, webhookHost: "h\(project.line).example", authType: "no_auth",
        updatedAt: "2020-01-01T00:00:00Z", extraJSON: #"{"n":\#(number)}"#))
  }

  private static func settled(_ project: PendingProject, run number: Int) -> Answer {
    switch (project.line + number) % 9 {
    case 0: Answer(outcome: .notFound, httpStatus: 404)
    case 1: Answer(outcome: .failed, error: RowError(.timeout, "No answer."))
    case 2: Answer(outcome: .invalidResponse, httpStatus: 200, error: RowError(.notTheGateway, "A page."))
    case 3: found(project, number)
    default: found(project)
    }
  }

  private static let findings: @Sendable (ResultRow) -> [Finding] = {
    $0.outcome == .found && $0.line % 3 == 0 ? [Finding(.noAuth, "No authentication.")] : []
  }

  /// What the program does when collecting has ended.
  private func end(_ run: Int64, at minute: Int, holdingBeyond limit: GoneLimit? = .percent(20)) throws {
    _ = try ledger.skipPendingRows(ofRun: run, RowError(.interrupted, "Interrupted."))
    try ledger.markCollected(run: run, at: Self.time(minute))
    try ledger.replaceFindings(ofRun: run, Self.findings)
    let held = try ledger.computeChanges(ofRun: run, holdingBeyond: limit)
    let overview = try ledger.overview(ofRun: run)
    _ = try ledger.linesNeedingAttention(ofRun: run, overview: overview, limit: 100)
    _ = try ledger.linesNeedingAttention(ofRun: run, overview: RunOverview(), limit: 100)
    try ledger.forEachResult(ofRun: run) { _ in }
    try ledger.setState(held == nil ? .finished : .held, ofRun: run)
    _ = try ledger.unansweredCauses(ofRun: run, limit: 10, examples: 3)
    _ = try ledger.everyCredentialWasRefused(inRun: run)
    for condition in [FailCondition.notFound, .changed, .finding(atLeast: .low)] {
      _ = try ledger.check(condition, ofRun: run, limit: 5)
    }
  }

  private func finishRun(_ number: Int) async throws {
    let run = try begin(rows(1000), at: number * 100)
    _ = try ledger.listStatistics(ofRun: run, limit: 5)
    try ledger.indexPendingRowsByCredential()
    for credential in try ledger.pendingCredentials(ofRun: run) {
      _ = try await ledger.pendingProjects(ofRun: run, credential: credential, afterLine: 0, limit: 50)
    }
    let answers = try await answer(run, at: number * 100 + 1) { Self.settled($0, run: number) }
    try ledger.dropPendingIndex()
    var lines = AnsweredLines()
    lines.add(answers.map { AnsweredLine(line: $0.line, isShared: $0.isShared) })
    _ = try ledger.rows(ofRun: run, answeredIn: &lines, limit: 1000)
    _ = try ledger.rowsBeforePending(ofRun: run, afterLine: 100, limit: 100)
    _ = try ledger.settledRows(ofRun: run, afterLine: 100, limit: 100)
    try end(run, at: number * 100 + 2)
  }

  /// Runs that overlap in time, so that a project may have several answers to be compared with.
  private func comparedRuns() async throws {
    let long = try begin(rows(1000), at: 300)
    let short = try begin(rows(700), at: 310)
    _ = try await answer(short, at: 311) { Self.settled($0, run: 3) }
    try end(short, at: 312)
    _ = try await answer(long, at: 320) { Self.settled($0, run: 4) }
    try end(long, at: 321)
    for comparison in [Comparison.recorded(run: long), .between(earlier: short, later: long)] {
      try ledger.forEachChange(of: comparison, unchanged: true) { _ in }
      try ledger.forEachChange(of: comparison, unchanged: false) { _ in }
    }
  }

  private func resumedRun() async throws {
    let run = try begin(rows(1000), at: 400)
    _ = try await answer(run, at: 401) { $0.line % 2 == 0 ? Self.settled($0, run: 5) : nil }
    // Killed here: what another process then does.
    _ = try ledger.runs()
    let record = try ledger.newestUnfinishedRun()
    if let record { _ = try ledger.lastActivity(ofRun: record) }
    _ = try ledger.newestRun()
    _ = try ledger.openRows(ofRun: run)
    for rows in [ReopenedRows.open, .unanswered] {
      _ = try ledger.pendingWork(of: rows, ofRun: run, credentials: Self.credentials, defaultCredential: nil)
      // Without some of the credentials.
      _ = try ledger.reopen(rows, ofRun: run, credentials: Array(Self.credentials.prefix(15)), defaultCredential: "c1")
    }
    try end(run, at: 402)
    _ = try ledger.newestFinishedRun()
    _ = try ledger.runBefore(run)
  }

  /// One in which too much has disappeared, accepted; and the first run of another database, in which nothing was found.
  private func heldRun() async throws {
    let run = try begin(rows(1000), at: 500)
    _ = try await answer(run, at: 501) { _ in Answer(outcome: .notFound, httpStatus: 404) }
    try end(run, at: 502, holdingBeyond: .projects(0))
    _ = try ledger.runBefore(run)
    try ledger.accept(run)
    let other = try StatementBattery(path: folder.appending(component: "other.db").path(), folder: folder)
    for (minute, limit) in [(10, GoneLimit.percent(20)), (20, nil), (30, .percent(20))] {
      let run = try other.begin(rows(200), at: minute)
      _ = try await other.answer(run, at: minute + 1) { _ in Answer(outcome: .notFound, httpStatus: 404) }
      try other.end(run, at: minute + 2, holdingBeyond: limit)
    }
    try other.ledger.close()
  }

  private init(path: String, folder: URL) throws {
    (self.path, self.folder) = (path, folder)
    ledger = try LedgerDatabase(path: path)
  }

  /// More repetitions, and more values to be ranked, than are kept in memory.
  private func largeLists() async throws {
    let projects = 10_500
    let run = try begin(
      (0..<projects * 2).map {
        ImportedRow(line: $0 + 2, projectID: "p\($0 % projects)", .pending(credential: "c\($0 % projects % 20)"))
      }, at: 600)
    _ = try await answer(run, at: 601) { Self.found($0) }
    try end(run, at: 602)
    _ = try ledger.overview(ofRun: run)
  }

  // MARK: Other commands

  private func readAsUsersDo() throws {
    let connection = try QueryConnection(path: path)
    let questions =
      BuiltInQuestions.all.map(\.sql) + ["latest", "latest_findings", "latest_changes"].map { "SELECT * FROM \($0)" }
    for sql in questions {
      let question = Question(name: "question", sql: sql)
      var values = question.values(given: [:])
      for parameter in question.parameters where parameter.defaultValue == nil {
        values[ExactText(parameter.name)] = "p1"
      }
      try connection.answer(sql, parameters: values, timeLimit: nil) { _ in
      } row: { _ in
      }
    }
  }

  private func prune() throws {
    let plan = try ledger.pruningPlan(.olderThanNewest(2))
    _ = try ledger.prune([2, 4], at: Self.time(700))
    _ = try ledger.prune(plan.runs.filter { ![2, 4].contains($0) }, at: Self.time(701))
    _ = try ledger.runs()
  }

  private func shardRecord(_ number: Int, of count: Int) -> RunRecord {
    var record = RunRecord.sample()
    record.shard = "\(number)/\(count)"
    record.startedAt = Self.time(number)
    return record
  }

  private func sources(_ count: Int) async throws -> [ShardSource] {
    var sources: [ShardSource] = []
    for number in 1...count {
      let path = folder.appending(component: "shard-\(count)-\(number).db").path()
      let shard = try StatementBattery(path: path, folder: folder)
      var rows = (0..<20).map {
        ImportedRow(line: $0 * count + number + 1, projectID: "p\($0)", .pending(credential: "c1"))
      }[...]
      let run = try shard.ledger.beginRun(shardRecord(number, of: count)) {
        rows.popFirst()
      } list: {
        ImportedList(digest: "shards of \(count)", wholeListRows: 20 * count)
      }.id
      _ = try await shard.answer(run, at: 800) { Self.found($0) }
      try shard.ledger.markCollected(run: run, at: Self.time(801))
      try shard.ledger.close()
      if let source = try ShardSource(path: path) { sources.append(source) }
    }
    return sources
  }

  private func merge(_ sources: [ShardSource]) throws -> Int64 {
    var record = sources[0].record
    record.shard = "1/1"
    record.requests = sources.map(\.record.requests).reduce(0, +)
    let merged = try ledger.merge(record, from: sources, belongs: { _, _ in true }, confirm: {})
    return merged.id
  }

  private func merge(shards count: Int) async throws {
    let run = try merge(await sources(count))
    _ = try ledger.retries(ofRun: run)
    try end(run, at: 900)
  }

  /// After a shard was asked again.
  private func renewMerge() async throws {
    var sources = try await sources(4)
    _ = try merge(sources)
    sources[0].record.requests += 1
    _ = try merge(sources)
  }

  private func lookFromOutside() throws {
    let ledger = try LedgerDatabase.looking(into: path)
    _ = try ledger?.runs()
    try ledger?.close()
  }
}
