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

/// What a command makes on disk before it begins, so that one which can't begin leaves nothing behind, and what keeps
/// others out of these places while it lasts.
final class OutputReservation: Sendable {
  /// What was made, to be taken away again.
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

  /// Makes the folders, locks them, and finds out whether everything could be written there.
  ///
  /// - Throws: ``JobFailure``, `LockHeld` and `FileError`; then nothing is left behind.
  ///
  /// - Parameter inputs: files that are read, none of which may be overwritten; `-` for standard input.
  init(reports: ReportDestination, databasePath: String?, inputs: [String]) throws {
    var made = Made()
    var folderLock: LockFile?
    let database = databasePath.map { DatabaseFile($0) }
    do {
      for folder in Self.folders(reports: reports, databasePath: databasePath) {
        made.folders += try Folder.create(folder)
      }
      try Self.protect(inputs, reports: reports, database: database)
      // Before anything is made that could not be removed again.
      try database?.checkWriting()
      try reports.check()
      folderLock = try Self.lockPath(of: reports).map { try LockFile(path: $0, holder: Self.holder) }
      databaseLock = try database.map { try DatabaseLock($0, holder: Self.holder) }
      if let database { WorkingFolder.removeLeftover(beside: database.path) }
    } catch {
      // Its file is in a folder that may have been made.
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

  /// Finds out the same as ``init(reports:databasePath:inputs:)``, as far as it can be known, and touches nothing.
  static func check(reports: ReportDestination, databasePath: String?, inputs: [String]) throws {
    for folder in folders(reports: reports, databasePath: databasePath) { try Folder.checkCreation(of: folder) }
    let database = databasePath.map { DatabaseFile($0) }
    try protect(inputs, reports: reports, database: database)
    try database?.checkWriting()
    try lockPath(of: reports).map { try LockFile.check(path: $0) }
    try database.map { try DatabaseLock.check($0) }
    try reports.check()
  }

  /// Opens the database and enters a run there. Where that fails, the database is closed again, and nothing is left of what
  /// was made.
  ///
  /// - Parameters:
  ///   - path: nil for a temporary database.
  ///   - lockWait: for another program that holds it.
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

  /// Removes what was made.
  func discard() {
    release()
    made.discard()
  }

  /// Lets other runs in. The database is closed by then.
  func release() {
    folderLock?.release()
    databaseLock?.release()
  }

  /// Who is at work, for those who come while it lasts.
  static var holder: String { "process \(getpid()), since \(Timestamp.now)" }

  /// Those of the reports and of the database.
  private static func folders(reports: ReportDestination, databasePath: String?) -> [String] {
    [reports.folder, databasePath.flatMap(folder(ofDatabase:))].compactMap { $0 }
  }

  /// nil where the path names none.
  private static func folder(ofDatabase path: String) -> String? {
    PathParts.folder(of: path).flatMap { $0 == "/" ? nil : $0 }
  }

  private static func lockPath(of reports: ReportDestination) -> String? {
    reports.folder.map { $0 + "/.inventory.lock" }
  }

  /// Makes sure that reports that are written again do not overwrite the list of their run, where it still is where the
  /// run found it.
  ///
  /// - Parameter lists: their paths, as the runs recorded them.
  static func protect(lists: [String], from reports: ReportDestination, databasePath: String?) throws {
    let inputs = lists.filter { $0 != "-" && FileStatus(path: $0) != nil }
    try protect(inputs, reports: reports, database: databasePath.map { DatabaseFile($0) })
  }

  /// No output may be in the place of another or of an input, under whatever name.
  private static func protect(_ inputs: [String], reports: ReportDestination, database: DatabaseFile?) throws {
    let databaseFiles = database.map { [$0.given] + $0.companions } ?? []
    let locks = [lockPath(of: reports), database?.lockPath].compactMap { $0 }
    let outputs = databaseFiles + locks + reports.files + reports.files.map(AtomicFile.partialPath)
    var taken: [ExactText: String] = [:]
    for input in inputs where input != "-" {
      if let place = AtomicFile.place(of: input) { taken[ExactText(place)] = "this is the run's own input \(input)" }
    }
    let identities = Set(
      inputs.compactMap { ($0 == "-" ? FileStatus.ofStandardInput : FileStatus(path: $0))?.identity })
    if reports.folder == nil, let output = FileStatus.ofStandardOutput, output.isRegularFile {
      guard !identities.union(databaseFiles.compactMap { FileStatus(path: $0)?.identity }).contains(output.identity)
      else {
        throw JobFailure(
          .unwritableOutput, "standard output is one of the run's own files; redirect it to another file")
      }
    }
    for output in outputs {
      guard let place = AtomicFile.place(of: output) else { continue }
      if let reason = taken.updateValue("this is the place of \(output) too", forKey: ExactText(place)) {
        throw JobFailure(.unwritableOutput, "\(output): \(reason); name another folder with --output")
      }
      if let status = FileStatus(path: output), status.isRegularFile, identities.contains(status.identity) {
        throw JobFailure(
          .unwritableOutput, "\(output): this is one of the run's own inputs; name another folder with --output")
      }
    }
  }
}
