import Files
import Gateway
import Ledger
import Reporting

/// What a run makes on disk before its first request, so that a run which can't begin leaves nothing behind.
struct OutputPlaces {
  private var folders: [String] = []
  private var newDatabase: String?

  /// Makes the folders and finds out whether everything could be written there.
  ///
  /// - Throws: ``JobFailure``, and `FileError`; then nothing is left behind.
  init(_ plan: RunPlan, credentialFiles: [String]) throws {
    do {
      folders += try Folder.create(plan.reports.path)
      if let slash = plan.databasePath.lastIndex(of: "/"), slash != plan.databasePath.startIndex {
        folders += try Folder.create(String(plan.databasePath[..<slash]))
      }
      try Self.protect([plan.listPath, plan.caFile].compactMap { $0 } + credentialFiles, in: plan)
      if FileStatus(path: plan.databasePath) == nil { newDatabase = plan.databasePath }
      try plan.reports.probe()
    } catch {
      discard()
      throw error
    }
  }

  /// Removes what was made.
  func discard() {
    if let newDatabase { Ledger.files(ofDatabase: newDatabase).forEach(Folder.removeFile) }
    Folder.removeIfEmpty(folders)
  }

  /// No output of the run may be in the place of another or of one of its inputs, under whatever name.
  private static func protect(_ inputs: [String], in plan: RunPlan) throws {
    var taken: [String: String] = [:]
    for input in inputs where input != "-" {
      if let place = AtomicFile.place(of: input) { taken[place] = "this is the run's own input \(input)" }
    }
    let identities = Set(
      inputs.compactMap { ($0 == "-" ? FileStatus.ofStandardInput : FileStatus(path: $0))?.identity })
    let database = Ledger.files(ofDatabase: plan.databasePath)
    for output in database + plan.reports.files + plan.reports.files.map(AtomicFile.partialPath) {
      guard let place = AtomicFile.place(of: output) else { continue }
      if let reason = taken.updateValue("this is the place of \(output) too", forKey: place) {
        throw JobFailure(.unwritableOutput, "\(output): \(reason); name another folder with --output")
      }
      if let status = FileStatus(path: output), status.isRegularFile, identities.contains(status.identity) {
        throw JobFailure(
          .unwritableOutput, "\(output): this is one of the run's own inputs; name another folder with --output")
      }
    }
  }
}
