import Files
import Gateway
import InventoryModel
import Ledger
import TextFormats

/// Reads the databases of shards and checks whether together they form one complete run.
struct ShardSurvey {
  private static let missingTold = 100

  /// Shards that could be read, sorted by number.
  private(set) var shards: [ShardSource] = []
  /// All problems, one sentence each; empty if the shards can be merged.
  private(set) var problems: [String] = []
  /// Whether a database is missing or can't be read.
  private(set) var lacksFiles = false

  /// - Parameter lockWait: used if another program has locked one of the databases.
  /// - Throws: `LockHeld` if a run is using one of them.
  init(paths: [String], lockWait: LockWait) throws {
    for path in paths { try look(into: path, lockWait) }
    shards.sort { $0.shard.number < $1.shard.number }
    guard let count = Self.mostFrequent(shards.map(\.shard.count)) else { return }
    let belonging = shards.filter { $0.shard.count == count }
    for shard in shards where shard.shard.count != count {
      problems.append("\(name(shard)): the other databases are shards of \(count)")
    }
    findGaps(in: belonging, of: count)
    for shard in belonging { checkRows(of: shard) }
    compare(belonging)
  }

  /// The record of the merged run, without its number.
  ///
  /// - Precondition: there are no problems.
  var record: RunRecord? {
    guard var record = shards.first?.record else { return nil }
    record.state = .running
    record.held = nil
    record.shard = Shard.whole.description
    let records = shards.map(\.record)
    record.startedAt = Timestamp(milliseconds: records.map(\.startedAt.milliseconds).min() ?? 0)
    record.finishedAt = records.compactMap(\.finishedAt?.milliseconds).max().map { Timestamp(milliseconds: $0) }
    record.listRows = records.map(\.listRows).reduce(0, +)
    record.wholeListRows = record.listRows
    record.requests = records.map(\.requests).reduce(0, +)
    record.responses = records.map(\.responses).reduce(0, +)
    return record
  }

  private mutating func look(into path: String, _ lockWait: LockWait) throws {
    let file = DatabaseFile(path)
    do {
      try file.checkExistence()
    } catch let error where error.isMissing {
      lacksFiles = true
      let shown = MisplacedKeys.suspected(in: [path]).masked(path)
      problems.append("\(shown): there is no such database")
      return
    } catch {
      // Opening the database reports the same error.
    }
    try Self.requireNobodyAtWork(on: file)
    do {
      if let shard = try ShardSource(path: path, lockWait: lockWait) {
        shards.append(shard)
      } else {
        problems.append("\(path): there is no run in this database")
      }
    } catch {
      if error.isAboutReading { lacksFiles = true }
      problems.append("\(path): \(Self.reason(error))")
    }
  }

  /// Why a shard's database can't be read. The ledger's own messages are not used, because they refer to a database to
  /// write to.
  private static func reason(_ error: LedgerError) -> String {
    switch error {
    case .cannotOpen(_, let reason), .cannotWrite(_, let reason), .cannotRead(_, let reason):
      "the database can't be opened: \(reason)"
    case .halfDone: "a process was killed while writing to it; the next run with this database recovers it"
    case .foreign: "this database belongs to another program"
    case .damaged: "this is not a SQLite database, or it is damaged"
    case .newer: "a newer jelou-inventory created this database; use that version to merge"
    }
  }

  /// Verifies that no run is using the database. Call this before this process opens the database.
  ///
  /// - Throws: `LockHeld`.
  private static func requireNobodyAtWork(on file: DatabaseFile) throws {
    // If the lock can't be checked, no run can be using the database's folder.
    do { try DatabaseLock.check(file) } catch is FileError {}
  }

  /// Checks only the lock file, which is possible while this process has the database open.
  ///
  /// - Throws: `LockHeld`.
  static func requireNoLockFile(of path: String) throws {
    do { try LockFile.check(path: DatabaseFile(path).lockPath) } catch is FileError {}
  }

  private mutating func findGaps(in belonging: [ShardSource], of count: Int) {
    var paths: [Int: [String]] = [:]
    for shard in belonging { paths[shard.shard.number, default: []].append(shard.path) }
    var missing: [Int] = []
    for number in 1...count {
      switch paths[number] ?? [] {
      case let found where found.isEmpty: missing.append(number)
      case let found where found.count > 1:
        problems.append("shard \(number)/\(count) was given \(found.count) times: \(found.joined(separator: ", "))")
      default: break
      }
    }
    for number in missing.prefix(Self.missingTold) {
      problems.append(
        "shard \(number)/\(count) is missing; add its database, or run it with --shard \(number)/\(count)")
    }
    if missing.count > Self.missingTold {
      problems.append("\((missing.count - Self.missingTold).counted("further shard is", "further shards are")) missing")
    }
  }

  private mutating func checkRows(of shard: ShardSource) {
    if !shard.isSettled {
      problems.append("\(name(shard)) is not finished; run it again with --shard \(shard.shard) --resume")
    }
    if shard.rows != shard.record.listRows {
      problems.append("\(name(shard)): it has \(shard.rows.counted("row", "rows")) instead of \(shard.record.listRows)")
    }
  }

  /// Compares the properties that all shards of a job must share.
  private mutating func compare(_ belonging: [ShardSource]) {
    let common: [(name: String, value: (RunRecord) -> ExactText)] = [
      ("list", { ExactText("\($0.listDigest ?? "") \($0.wholeListRows ?? $0.listRows)") }),
      ("list's columns", { ExactText($0.inputColumns.joined(separator: ", ")) }),
      ("base URL", { ExactText($0.baseURL) }), ("rate", { ExactText($0.rate) }),
      ("concurrency", { ExactText(String($0.concurrency)) }), ("version", { ExactText($0.version) }),
    ]
    var agrees = true
    for (what, value) in common {
      guard let usual = Self.mostFrequent(belonging.map { value($0.record) }),
        let example = belonging.first(where: { value($0.record) == usual })
      else { continue }
      for shard in belonging where value(shard.record) != usual {
        agrees = false
        // Digests mean nothing to a person, so they are not shown.
        let values = what == "list" ? "" : ": \(value(shard.record).string.visible), not \(usual.string.visible)"
        problems.append("\(name(shard)): its \(what) differs from that of \(name(example))\(values)")
      }
    }
    let rows = belonging.map(\.record.listRows).reduce(0, +)
    guard agrees, let whole = belonging.first?.record, problems.isEmpty else { return }
    let expected = whole.wholeListRows ?? whole.listRows
    if rows != expected {
      problems.append("the shards have \(rows.counted("row", "rows")) in total, but the list has \(expected)")
    }
  }

  private func name(_ shard: ShardSource) -> String { "shard \(shard.shard) (\(shard.path))" }

  /// Returns the most frequent value, or the first one if several are equally frequent; nil if there are no values.
  private static func mostFrequent<Value: Hashable>(_ values: [Value]) -> Value? {
    let counts = values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let most = counts.values.max()
    return values.first { counts[$0] == most }
  }
}
