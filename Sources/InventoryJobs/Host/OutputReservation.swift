import Files
import Gateway
import InventoryModel
import Ledger
import Reporting
import TextFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Creates and locks a command's output locations before the command starts.
///
/// A command that can't start leaves nothing behind. The locks keep other runs out of these locations while the command
/// is running.
final class OutputReservation: Sendable {
  /// What was created and may have to be removed again.
  private let made: Made
  private let folderLock: LockFile?
  private let databaseLock: DatabaseLock?

  private struct Made: Sendable {
    var folders: [String] = []
    var newDatabase: DatabaseFile?

    func discard() {
      newDatabase?.remove()
      Folder.removeIfEmpty(folders)
    }
  }

  /// Creates the folders, locks them, and verifies that everything can be written there.
  ///
  /// - Parameter inputs: files that are read and must not be overwritten; `-` for standard input.
  /// - Throws: ``JobFailure``, `LockHeld`, and `FileError`. In these cases, nothing is left behind.
  init(reports: ReportDestination, databasePath: String?, inputs: [String]) throws {
    var made = Made()
    var folderLock: LockFile?
    let database = databasePath.map { DatabaseFile($0) }
    do {
      for folder in Self.folders(reports: reports, databasePath: databasePath) {
        made.folders += try Folder.create(folder)
      }
      try Self.protect(inputs, reports: reports, database: database)
      // Check before creating anything that could not be removed again.
      try database?.checkWriting()
      try reports.check()
      folderLock = try Self.lockPath(of: reports).map { try LockFile(path: $0, holder: Self.holder) }
      databaseLock = try database.map { try DatabaseLock($0, holder: Self.holder) }
      if let database { WorkingFolder.removeLeftover(beside: database.path) }
    } catch {
      // Release the lock first: its file may be in a folder that was created here.
      folderLock?.release()
      made.discard()
      throw error
    }
    self.folderLock = folderLock
    if let databaseLock, databaseLock.madeDatabase { made.newDatabase = database }
    self.made = made
    do {
      try reports.probe()
    } catch {
      discard()
      throw error
    }
  }

  /// Performs the same checks as ``init(reports:databasePath:inputs:)`` as far as possible without changing anything.
  static func check(reports: ReportDestination, databasePath: String?, inputs: [String]) throws {
    for folder in folders(reports: reports, databasePath: databasePath) { try Folder.checkCreation(of: folder) }
    let database = databasePath.map { DatabaseFile($0) }
    try protect(inputs, reports: reports, database: database)
    try database?.checkWriting()
    try lockPath(of: reports).map { try LockFile.check(path: $0) }
    try database.map { try DatabaseLock.check($0) }
    try reports.check()
  }

  /// Opens the database and enters a run there. If this fails, closes the database and removes everything that was
  /// created.
  ///
  /// - Parameters:
  ///   - path: nil for a temporary database.
  ///   - lockWait: used if another program has locked the database.
  /// - Throws: `LedgerError`, and what `enter` throws.
  func entering<Run>(
    databaseAt path: String?, lockWait: LockWait, _ enter: (LedgerDatabase) throws -> Run
  ) throws -> (ledger: LedgerDatabase, run: Run) {
    do {
      let ledger = try path.map { try LedgerDatabase(path: $0, lockWait: lockWait) } ?? LedgerDatabase.temporary()
      do {
        return (ledger, try enter(ledger))
      } catch {
        try? ledger.close()
        throw error
      }
    } catch {
      discard()
      throw error
    }
  }

  /// Releases the locks and removes everything that was created.
  func discard() {
    release()
    made.discard()
  }

  /// Releases the locks so that other runs can start. Close the database first.
  func release() {
    folderLock?.release()
    databaseLock?.release()
  }

  /// Identifies this process to other processes that find its locks.
  static var holder: String { "process \(getpid()), since \(Timestamp.now)" }

  /// The folders of the reports and of the database.
  private static func folders(reports: ReportDestination, databasePath: String?) -> [String] {
    [reports.folder, databasePath.flatMap(folder(ofDatabase:))].compactMap { $0 }
  }

  /// nil if the path names no folder.
  private static func folder(ofDatabase path: String) -> String? {
    PathParts.folder(of: path).flatMap { $0 == "/" ? nil : $0 }
  }

  private static func lockPath(of reports: ReportDestination) -> String? {
    reports.folder.map { $0 + "/.inventory.lock" }
  }

  /// Verifies that rewritten reports do not overwrite the list of their run, if the list is still at its recorded path.
  ///
  /// - Parameter lists: paths of the lists, as recorded by the runs.
  static func protect(lists: [String], from reports: ReportDestination, databasePath: String?) throws {
    let inputs = lists.filter { $0 != "-" && FileStatus(path: $0) != nil }
    try protect(inputs, reports: reports, database: databasePath.map { DatabaseFile($0) })
  }

  /// Verifies that no output has the same location as another output or an input, under any name.
  private static func protect(_ inputs: [String], reports: ReportDestination, database: DatabaseFile?) throws {
    let databaseFiles = database.map { [$0.given] + $0.companions } ?? []
    let locks = [lockPath(of: reports), database?.lockPath].compactMap { $0 }
    let outputs = databaseFiles + locks + reports.files + reports.files.map(AtomicFile.partialPath)
    var taken: [ExactText: String] = [:]
    for input in inputs where input != "-" {
      if let place = AtomicFile.place(of: input) {
        taken[ExactText(place)] = "this file is the run's own input \(input)"
      }
    }
    let identities = Set(
      inputs.compactMap { ($0 == "-" ? FileStatus.ofStandardInput : FileStatus(path: $0))?.identity })
    if reports.folder == nil, let output = FileStatus.ofStandardOutput, output.isRegularFile {
      guard !identities.union(databaseFiles.compactMap { FileStatus(path: $0)?.identity }).contains(output.identity)
      else {
        throw JobFailure(
          .unwritableOutput, "standard output is redirected to one of the run's own files; redirect it to another file")
      }
    }
    for output in outputs {
      let advice =
        databaseFiles.contains(where: { $0.isExactly(output) })
        ? "choose another file with --database" : "choose another folder with --output"
      guard let place = AtomicFile.place(of: output) else { continue }
      if let reason = taken.updateValue("this is the same file as \(output)", forKey: ExactText(place)) {
        throw JobFailure(.unwritableOutput, "\(output): \(reason); \(advice)")
      }
      if let status = FileStatus(path: output), status.isRegularFile, identities.contains(status.identity) {
        throw JobFailure(.unwritableOutput, "\(output): this file is one of the run's own inputs; \(advice)")
      }
    }
  }
}
