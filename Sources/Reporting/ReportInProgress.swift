import Dispatch
import Files
import InventoryModel
import Synchronization

/// A report on its way into its file. Several are made side by side, each on a thread of its own.
final class ReportInProgress: Sendable {
  private struct State {
    var writer: any ReportWriter
    let file: AtomicFile
  }

  /// Batches of rows that may wait at most.
  private static let batchesAhead = 4

  private let queue = DispatchQueue(label: "report")
  private let room = DispatchSemaphore(value: batchesAhead)
  /// What has ended the writing of rows.
  private let failure = Mutex<(any Error)?>(nil)
  private let format: ReportFormat
  private let state: Mutex<State>

  init(_ format: ReportFormat, _ writer: sending any ReportWriter, to file: sending AtomicFile) {
    self.format = format
    state = Mutex(State(writer: writer, file: file))
  }

  func begin() throws { try state.withLock { try $0.file.write($0.writer.begin()) } }

  /// Writes rows behind those that it was given before, and returns as soon as few of them wait. Throws what any of them
  /// has met with.
  func write(_ rows: [ResultRow]) throws {
    room.wait()
    queue.async { [self] in
      defer { room.signal() }
      guard failure.withLock({ $0 == nil }) else { return }
      do {
        // By place: a row is large to copy.
        try state.withLock { for index in rows.indices { try $0.file.write($0.writer.row(rows[index])) } }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    try checkWriting()
  }

  private func checkWriting() throws {
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  /// Returns when no row waits any more.
  func settle() { queue.sync {} }

  /// Makes the whole file durable beside its place.
  func finish() throws {
    try checkWriting()
    try state.withLock { state in
      try state.file.write(state.writer.end())
      if let made = state.writer.madeFile { try state.file.adopt(made) }
      try state.file.finish()
    }
  }

  func putInPlace() throws { try state.withLock { try $0.file.putInPlace() } }

  /// What the manifest says of it.
  func listing(_ profile: CSVProfile) -> Manifest.File {
    state.withLock { state in
      Manifest.File(
        name: format.fileName(profile), format: format.rawValue, rows: state.writer.rowCount,
        bytes: state.file.byteCount,
        alteration: state.writer.alteredCells.map { .init(profile: profile, cells: $0) })
    }
  }
}

extension [ReportInProgress] {
  /// Does the same for each, on as many threads as the machine has. When several fail, the first of them is told.
  func sideBySide(_ work: @Sendable (ReportInProgress) throws -> Void) throws {
    let failures = Mutex<[Int: any Error]>([:])
    DispatchQueue.concurrentPerform(iterations: count) { index in
      do {
        try work(self[index])
      } catch {
        failures.withLock { $0[index] = error }
      }
    }
    if let (_, error) = failures.withLock({ $0 }).min(by: { $0.key < $1.key }) { throw error }
  }
}
