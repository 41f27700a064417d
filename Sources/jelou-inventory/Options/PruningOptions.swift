import ArgumentParser
import Ledger

/// Which runs to delete.
struct PruningOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Delete these runs, by their numbers.", valueName: "n,n…"))
  var delete: RunNumbers?

  @Option(help: ArgumentHelp("Delete all runs that are older than the newest finished ones, so many.", valueName: "n"))
  var keep: Int?

  @Flag(name: .customLong("dry-run"), help: "Say what would be deleted, and leave everything as it is.")
  var dryRun = false

  /// nil when there is nothing to delete.
  var choice: PruningChoice? { delete.map { .runs($0.numbers) } ?? keep.map { .olderThanNewest($0) } }

  func validate() throws {
    guard delete == nil || keep == nil else { throw ValidationError("--delete and --keep exclude each other.") }
    guard keep.map({ $0 >= 1 }) ?? true else { throw ValidationError("--keep is at least 1.") }
    guard choice != nil || !dryRun else { throw ValidationError("--dry-run goes with --delete or --keep.") }
  }

  struct RunNumbers: ExpressibleByArgument {
    let numbers: [Int64]

    init?(argument: String) {
      let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
      numbers = parts.compactMap { Int64($0) }
      guard numbers.count == parts.count else { return nil }
    }
  }
}
