import Foundation
import Synchronization
import TestSupport
import Testing

/// Monthly runs of the built program against a gateway whose integrations change, each held against the model.
struct YearReplay {
  /// What becomes of a month's run.
  enum Month: CaseIterable {
    case plain, quiet, samePlainList
    /// Most requests get no answer.
    case stormy
    /// Some requests are never answered.
    case stalling
    /// One credential gets nothing but 401.
    case refused
    /// The rows without an answer are asked for again, once or twice.
    case retried, retriedTwice
    /// No project has an integration: it is held.
    case held
    /// Ended by SIGTERM, and left like that.
    case interrupted
    /// Ended by SIGTERM, or killed, and then gone on with.
    case resumed, resumedAndRetried, killed
  }

  let program: Program
  let gateway: YearGateway
  private(set) var model = YearModel()
  private let months: [Month]
  private let seed: UInt64
  private var lists: YearLists
  private var list: [YearLists.Row] = []
  private var random: SplitMix
  /// The newest run that is finished, which `changes` tells of.
  private var newestFinished: YearModel.Run?

  init(seed: UInt64, projects: Int) throws {
    self.seed = seed
    random = SplitMix(state: seed ^ 0x4EA2)
    program = try Program()
    gateway = YearGateway(seed: seed)
    lists = YearLists(seed: seed, projects: projects)
    months = Month.allCases.shuffled(using: &random)
    let keys = YearGateway.keys.filter { $0.key != "default" }.sorted { $0.key < $1.key }
    try program.folder.write(
      "keys.csv", "name,api_key\n" + keys.map { "\($0.key),\($0.value)\n" }.joined())
    gateway.evolve(lists.projects, share: 90)
  }

  /// - Parameter deleting: whether old runs are deleted after every other month.
  mutating func replay(against baseURL: String, deleting: Bool = false) async throws {
    for (index, month) in months.enumerated() {
      try await replay(month, number: index + 1, against: baseURL)
      there.append(index + 1)
      if deleting, index % 2 == 1 { try await deleteRuns(afterMonth: index + 1) }
      if there.count > 1 { try await checkTwoRuns() }
    }
  }

  /// Numbers of the runs that have not been deleted, oldest first.
  private(set) var there: [Int] = []

  private mutating func deleteRuns(afterMonth month: Int) async throws {
    let chosen = Bool.random(using: &random) ? ["--keep", "2"] : ["--delete", "\(there[there.count / 2 - 1])"]
    let ending = try await program.run(["runs"] + chosen)
    // What must stay is told of elsewhere.
    #expect([0, 64].contains(ending.status), "month \(month): \(ending.error)")
    let listed = try await program.run(["runs", "--format", "csv"]).output.split(separator: "\r\n").dropFirst()
    there = listed.compactMap { Int($0.prefix { $0 != "," }) }
    model.forget(allBut: there)
  }

  private mutating func replay(_ month: Month, number: Int, against baseURL: String) async throws {
    if month != .samePlainList || list.isEmpty { list = lists.next() }
    try program.folder.write("list.csv", YearLists.csv(list))
    gateway.evolve(lists.projects, share: month == .quiet ? 2 : 25)
    var weather = YearGateway.Weather()
    switch month {
    case .stormy: weather.faults = 600
    case .stalling: (weather.faults, weather.stalls) = (150, true)
    case .held: weather.absent = true
    case .refused: weather.refused = ["default", "north", "south"].randomElement(using: &random)
    case .interrupted, .resumed, .resumedAndRetried, .killed:
      weather.signalAfter = Int.random(in: 5..<list.count / 2, using: &random)
    default: break
    }
    gateway.beginMonth(weather)
    let arguments = [
      "list.csv", "--base-url", baseURL, "--credentials", "keys.csv", "--max-attempts", "1", "--format", "csv,jsonl",
      "--timeout", month == .stalling ? "1.5" : "30", "--max-gone", month == .held ? "20%" : "100%",
    ]
    switch month {
    case .plain, .quiet, .samePlainList, .stormy, .stalling, .refused:
      try await run(arguments + ["--rate", "0"], "month \(number), \(month)")
    case .held: try await run(arguments + ["--rate", "0"], "month \(number), held", .held)
    case .retried, .retriedTwice:
      try await run(arguments + ["--rate", "0"], "month \(number), first")
      for _ in 0..<(month == .retried ? 1 : 2) {
        try await retry(arguments, "month \(number), retried")
      }
    case .interrupted:
      try await interrupt(arguments, by: SIGTERM, "month \(number), interrupted")
    case .resumed, .resumedAndRetried, .killed:
      try await interrupt(arguments, by: month == .killed ? SIGKILL : SIGTERM, "month \(number), interrupted")
      try await run(arguments + ["--rate", "0", "--resume"], "month \(number), resumed")
      if month == .resumedAndRetried { try await retry(arguments, "month \(number), resumed and retried") }
    }
    model.add(try #require(current, "month \(number) has left no reports"))
    current = nil
  }

  /// The month's run as it stands.
  private var current: YearModel.Run?

  private mutating func retry(_ arguments: [String], _ place: String) async throws {
    // What is asked for later is answered as it is then.
    gateway.evolve(lists.projects, share: 25)
    gateway.change(YearGateway.Weather(faults: 200))
    try await run(arguments + ["--rate", "0", "--retry-failed"], place)
  }

  private mutating func run(
    _ arguments: [String], _ place: String, _ standing: YearModel.Standing = .finished
  ) async throws {
    let ending = try await program.run(arguments)
    #expect((standing == .held ? [3] : [0, 2]).contains(ending.status), "\(place): \(ending.error)")
    try await check(standing, place)
    gateway.change(YearGateway.Weather())
  }

  private mutating func interrupt(_ arguments: [String], by signal: Int32, _ place: String) async throws {
    let running = Started()
    gateway.whenReached { running.send(signal) }
    // Slow enough that there are requests left when the signal has come.
    let program = try program.start(arguments + ["--rate", "100"])
    running.set(program)
    let ending = try await program.ending
    #expect(ending.signal == signal, "\(place): \(ending.error)")
    gateway.change(YearGateway.Weather())
    if signal == SIGTERM { try await check(.interrupted, place) }
  }

  /// Holds everything that is told of the newest run against the model.
  private mutating func check(_ standing: YearModel.Standing, _ place: String) async throws {
    var run = model.run(list, sent: gateway.sent, standing)
    let check = YearCheck(place: "seed \(seed), \(place)", program: program)
    try check.reports(&run, number: model.runs.count + 1)
    current = run
    if standing == .finished { newestFinished = run }
    try check.database(run, number: model.runs.count + 1)
    guard let newestFinished else { return }
    try check.latestChanges(newestFinished)
    try await check.changes(newestFinished, [])
  }

  private mutating func checkTwoRuns() async throws {
    let numbers = there.shuffled(using: &random).prefix(2).map { $0 - 1 }
    let compared = YearModel.between(model.runs[numbers[0]], model.runs[numbers[1]])
    try await YearCheck(place: "seed \(seed), runs \(numbers[0] + 1) and \(numbers[1] + 1)", program: program)
      .changes(compared, ["--from", "\(numbers[0] + 1)", "--to", "\(numbers[1] + 1)"])
  }
}

/// A program that is signalled from elsewhere, maybe before whoever started it knows of it.
private final class Started: Sendable {
  private let program = Mutex<RunningProgram?>(nil)

  func set(_ started: RunningProgram) { program.withLock { $0 = started } }

  func send(_ signal: Int32) {
    for _ in 0..<1000 {
      if let program = program.withLock({ $0 }) { return program.send(signal) }
      usleep(1000)
    }
  }
}
