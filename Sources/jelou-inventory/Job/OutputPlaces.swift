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
  init(_ plan: RunPlan) throws {
    do {
      folders += try Folder.create(plan.reports.path)
      if let slash = plan.databasePath.lastIndex(of: "/"), slash != plan.databasePath.startIndex {
        folders += try Folder.create(String(plan.databasePath[..<slash]))
      }
      try Self.protectInputs(plan)
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

  /// No input of the run may be the place of one of its outputs, under whatever name.
  private static func protectInputs(_ plan: RunPlan) throws {
    let inputs = [
      plan.listPath, plan.credentials.apiKeyFile, plan.credentials.credentialsFile, plan.caFile,
    ].compactMap { $0 }
    let identities = inputs.map { (path: $0, identity: FileStatus(path: $0)?.identity) }
    for output in plan.reports.files + Ledger.files(ofDatabase: plan.databasePath) {
      guard let status = FileStatus(path: output), status.isRegularFile,
        let input = identities.first(where: { $0.identity == status.identity })
      else { continue }
      throw JobFailure(
        .unwritableOutput,
        "\(output): this is the run's own input \(input.path); name another folder with --output")
    }
  }
}
