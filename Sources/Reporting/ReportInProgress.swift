import Dispatch
import Files
import InventoryModel
import Synchronization

/// A report that is being written to its file. Several are written in parallel, each by one thread at a time.
final class ReportInProgress: Sendable {
  private struct State {
    var writer: any ReportWriter
    let file: AtomicFile
  }

  private let format: ReportFormat
  private let state: Mutex<State>

  init(_ format: ReportFormat, _ writer: sending any ReportWriter, to file: sending AtomicFile) {
    self.format = format
    state = Mutex(State(writer: writer, file: file))
  }

  func begin() throws { try state.withLock { try $0.file.write($0.writer.begin()) } }

  func write(_ rows: [ResultRow]) throws {
    try state.withLock { try $0.file.write($0.writer.rows(rows.span)) }
  }

  /// Writes the rest of the report and makes the complete file durable next to its destination.
  func end() throws {
    try state.withLock { state in
      try state.file.write(state.writer.end())
      if let made = state.writer.madeFile { try state.file.adopt(made) }
      try state.file.finish()
    }
  }

  func putInPlace() throws { try state.withLock { try $0.file.putInPlace() } }

  /// Returns the report's manifest entry, after ``end()``.
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
  /// Runs the work for all reports in parallel, on at most as many threads as the machine has. If several fail, the
  /// error of the first report is thrown.
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
