import GRDB
import InventoryModel
import Ledger
import TextFormats

/// A history of runs that a seed decides, the same in every ledger that it is played into.
struct RandomHistory {
  enum Fate: Hashable, Sendable {
    case at(Int)
    case notFound, failed, skipped, pending
  }

  struct Run: Sendable {
    /// Projects in lines from 2 on, each with a credential of its own; nil for an ID that can't be asked for.
    var rows: [(project: String?, fate: Fate)]
    var end: End
    /// Whether half of its rows were answered days before the others, while other runs came and went.
    var isLong: Bool

    enum End: CaseIterable {
      case finished, finishedTwice, interrupted, killed
      /// Killed after it had been interrupted and its changes computed.
      case killedLater
      /// Held where any integration has disappeared, else finished.
      case heldForAny
    }
  }

  private(set) var random: Random
  private var webhooks: [String: Int?] = [:]
  private var listed: Set<String> = []
  private let projects = (0..<40).map { "project-\($0)" }

  /// Numbers that a seed decides (SplitMix64).
  struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  init(seed: UInt64) {
    random = Random(state: seed)
    for project in projects where chance(70) { listed.insert(project) }
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func choice<Element>(_ elements: some Collection<Element>) -> Element? {
    elements.randomElement(using: &random)
  }

  mutating func next() -> Run {
    for project in projects where chance(12) { if listed.remove(project) == nil { listed.insert(project) } }
    for project in projects where chance(20) {
      webhooks[project] = chance(30) ? .some(nil) : Int.random(in: 0..<4, using: &random)
    }
    var rows: [(String?, Fate)] = []
    let ends = chance(60) ? [Run.End.finished] : Run.End.allCases
    let end = choice(ends) ?? .finished
    let faults = chance(20) ? 70 : 15
    for project in projects where listed.contains(project) {
      rows.append((project, fate(of: project, faults: faults, end)))
      if chance(10) { rows.append((project, fate(of: project, faults: faults, end))) }
    }
    if chance(50) { rows.append((nil, .failed)) }
    rows.shuffle(using: &random)
    return Run(rows: rows, end: end, isLong: chance(20))
  }

  private mutating func fate(of project: String, faults: Int, _ end: Run.End) -> Fate {
    if end != .finished, end != .heldForAny, chance(40) {
      return end == .killed || end == .killedLater ? .pending : .skipped
    }
    if chance(faults) { return .failed }
    guard let webhook = webhooks[project] ?? 0 else { return .notFound }
    return .at(webhook)
  }
}

extension RandomHistory.Run {
  /// Plays the run into a ledger.
  ///
  /// - Parameter day: on which it ends.
  func play(into temporary: TemporaryLedger, day: Double) async throws {
    let ledger = temporary.ledger
    let record = try temporary.begin(
      at: Self.time(day - (isLong ? 3 : 0.1)),
      rows.enumerated().map { index, row in
        guard let project = row.project else {
          return (
            ListRow(line: index + 2, projectID: ".."),
            .refused(.invalidID, RowError(.idDotSegment, "No."), credential: nil)
          )
        }
        return pending(index + 2, project, credential: "c\(index)")
      })
    try await answer(in: ledger, run: record.id, day: day) { $0 }
    guard end != .killed else { return }
    if end == .killedLater { _ = try ledger.skipPendingRows(ofRun: record.id, RowError(.interrupted, "No.")) }
    try ledger.markCollected(run: record.id, at: Self.time(day))
    let reason = try ledger.computeChanges(
      ofRun: record.id, holdingBeyond: end == .heldForAny ? .projects(0) : nil)
    switch end {
    case .killedLater:
      try ledger.reopen(.open, ofRun: record.id, credentials: credentials, defaultCredential: nil)
    case .interrupted: try ledger.setState(.interrupted, ofRun: record.id)
    default: try ledger.setState(reason == nil ? .finished : .held, ofRun: record.id)
    }
  }

  /// Asks again for the rows without an answer of a run with these rows, now with the given fates.
  ///
  /// - Parameter limit: beyond which the run is held.
  func retry(
    _ rows: ReopenedRows, in ledger: LedgerDatabase, run: Int64, day: Double, holdingBeyond limit: GoneLimit? = nil,
    _ fate: (Int) -> RandomHistory.Fate
  ) async throws {
    try ledger.reopen(rows, ofRun: run, credentials: credentials, defaultCredential: nil)
    var index = -1
    try await answer(in: ledger, run: run, day: day) { _ in
      index += 1
      return fate(index)
    }
    _ = try ledger.skipPendingRows(ofRun: run, RowError(.credentialRefused, "No."))
    try ledger.markCollected(run: run, at: Self.time(day))
    let reason = try ledger.computeChanges(ofRun: run, holdingBeyond: limit)
    try ledger.setState(reason == nil ? .finished : .held, ofRun: run)
  }

  private var credentials: [String] { rows.indices.map { "c\($0)" } }

  private static func time(_ day: Double) -> Timestamp {
    Timestamp(milliseconds: 1_700_000_000_000 + Int64(day * 86_400_000))
  }

  private func answer(
    in ledger: LedgerDatabase, run: Int64, day: Double, _ change: (RandomHistory.Fate) -> RandomHistory.Fate
  ) async throws {
    var answers: [CollectedAnswer] = []
    for (index, row) in rows.enumerated() where row.project != nil {
      let answer: Answer
      switch change(row.fate) {
      case .at(let number):
        answer = Answer(
          outcome: .found, httpStatus: 200,
          integration: Integration(webhookURL: "https://\(number)", extraJSON: #"{"n":\#(number)}"#))
      case .notFound: answer = Answer(outcome: .notFound, httpStatus: 404)
      case .failed: answer = Answer(outcome: .failed, error: RowError(.timeout, "No answer."))
      case .skipped: answer = Answer(outcome: .skipped, error: RowError(.interrupted, "No."))
      case .pending: continue
      }
      // Seconds apart, the last before the run ends.
      let answered = day - (isLong && index % 2 == 0 ? 2.95 : 0.05) + Double(index) / 86_400
      answers.append(
        CollectedAnswer(
          project: PendingProject(line: index + 2, projectID: "p\(index + 2)", credential: "default"), answer: answer,
          attempts: 1, durationMS: 1, fetchedAt: Self.time(answered)))
    }
    try await ledger.commit(answers, requests: 0, responses: 0, toRun: run)
  }
}
