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

  /// Outside the pool that Swift's tasks share: while a disk hangs, a signal must still find a thread.
  let queue = DispatchQueue(label: "report")
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

/// Runs work on several reports in parallel, on threads of its own.
///
/// The caller may prepare the next batch of rows while the reports write this one.
final class ReportQueue: Sendable {
  private let reports: [ReportInProgress]
  private let work = DispatchGroup()
  private let failures = Mutex<[Int: any Error]>([:])

  init(_ reports: [ReportInProgress]) { self.reports = reports }

  /// Starts the work for each report, once earlier work is done.
  ///
  /// - Throws: what earlier work has thrown. If it failed for several reports, the error of the first one.
  func start(_ body: @escaping @Sendable (ReportInProgress) throws -> Void) throws {
    try finish()
    for (index, report) in reports.enumerated() {
      report.queue.async(group: work) { [self] in
        do {
          try body(report)
        } catch {
          failures.withLock { $0[index] = error }
        }
      }
    }
  }

  /// Waits until all work is done.
  ///
  /// - Throws: the same errors as ``start(_:)``.
  func finish() throws {
    wait()
    if let (_, error) = failures.withLock({ $0 }).min(by: { $0.key < $1.key }) { throw error }
  }

  /// Waits until all work is done, and ignores its errors.
  func wait() { work.wait() }
}
