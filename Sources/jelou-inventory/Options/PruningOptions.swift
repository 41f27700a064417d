import ArgumentParser
import Ledger

/// Which runs to delete.
struct PruningOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Delete the runs with these numbers.", valueName: "n,n,..."))
  var delete: RunNumbers?

  @Option(help: ArgumentHelp("Keep the newest N finished runs and delete all older runs.", valueName: "n"))
  var keep: Int?

  @Flag(name: .customLong("dry-run"), help: "With --delete or --keep: show what would be deleted, without deleting it.")
  var dryRun = false

  /// nil when there is nothing to delete.
  var choice: PruningChoice? { delete.map { .runs($0.numbers) } ?? keep.map { .olderThanNewest($0) } }

  func validate() throws {
    guard delete == nil || keep == nil else {
      throw ValidationError("--delete and --keep can't be combined; use one of them.")
    }
    if let keep, keep < 1 { throw ValidationError("--keep is \(keep); use a number from 1.") }
    guard choice != nil || !dryRun else {
      throw ValidationError("--dry-run has no effect by itself; add --delete or --keep.")
    }
  }

  struct RunNumbers: ExplainedValue {
    static let syntax = "run numbers, separated by commas, for example 3,4"

    let numbers: [Int64]

    init?(argument: String) {
      let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
      numbers = parts.compactMap { Int64($0) }
      guard numbers.count == parts.count else { return nil }
    }
  }
}
