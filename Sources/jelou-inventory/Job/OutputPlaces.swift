import Files
import Gateway
import InventoryModel
import Ledger
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a command makes on disk before it begins, so that one which can't begin leaves nothing behind, and what keeps
/// others out of these places while it lasts.
final class OutputPlaces: Sendable {
  /// What was made, to be taken away again.
  private let made: Made
  private let locks: [LockFile]

  private struct Made: Sendable {
    var folders: [String] = []
    var newDatabase: String?

    func discard() {
      if let newDatabase { Ledger.files(ofDatabase: newDatabase).forEach(Folder.removeFile) }
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
    do {
      for folder in Self.folders(reports: reports, databasePath: databasePath) {
        made.folders += try Folder.create(folder)
      }
      let lockPaths = Self.lockPaths(reports: reports, databasePath: databasePath)
      try Self.protect(inputs, reports: reports, databasePath: databasePath)
      locks = try lockPaths.map { try LockFile(path: $0, holder: Self.holder) }
      if let databasePath { WorkingFolder.removeLeftover(beside: databasePath) }
    } catch {
      made.discard()
      throw error
    }
    if let databasePath, FileStatus(path: databasePath) == nil { made.newDatabase = databasePath }
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
    try protect(inputs, reports: reports, databasePath: databasePath)
    for lock in lockPaths(reports: reports, databasePath: databasePath) { try LockFile.check(path: lock) }
    try reports.check()
  }

  /// Opens the database and enters a run there. Where that fails, the database is closed again, and nothing is left of what
  /// was made.
  ///
  /// - Parameter path: nil for a temporary database.
  /// - Throws: `LedgerError`, and what `enter` throws.
  func entering<Run>(databaseAt path: String?, _ enter: (Ledger) throws -> Run) throws -> (ledger: Ledger, run: Run) {
    do {
      let ledger = try path.map { try Ledger(path: $0) } ?? Ledger.temporary()
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

  /// Lets other runs in.
  func release() {
    for lock in locks { lock.release() }
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

  private static func lockPaths(reports: ReportDestination, databasePath: String?) -> [String] {
    [reports.folder.map { $0 + "/.inventory.lock" }, databasePath.map(lockPath)].compactMap { $0 }
  }

  /// Beside the database itself, so that it is the same for every name that leads there.
  static func lockPath(ofDatabase path: String) -> String { (AtomicFile.place(of: path) ?? path) + "-lock" }

  /// Makes sure that reports that are written again do not overwrite the list of their run, where it still is where the
  /// run found it.
  ///
  /// - Parameter lists: their paths, as the runs recorded them.
  static func protect(lists: [String], from reports: ReportDestination, databasePath: String?) throws {
    let inputs = lists.filter { $0 != "-" && FileStatus(path: $0) != nil }
    try protect(inputs, reports: reports, databasePath: databasePath)
  }

  /// No output may be in the place of another or of an input, under whatever name.
  private static func protect(_ inputs: [String], reports: ReportDestination, databasePath: String?) throws {
    let databaseFiles = databasePath.map(Ledger.files) ?? []
    let outputs =
      databaseFiles + lockPaths(reports: reports, databasePath: databasePath) + reports.files
      + reports.files.map(AtomicFile.partialPath)
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
