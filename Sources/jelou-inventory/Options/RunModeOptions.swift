import ArgumentParser
import InventoryJobs

/// Whether to start a new run or continue one in the database.
struct RunModeOptions: ConfigurableOptions {
  static let notes = [
    OptionNote(name: "resume", conflictingOptions: ["retry-failed"]),
    OptionNote(name: "retry-failed", conflictingOptions: ["resume"]),
  ]

  @Flag(
    help: """
      Continue the database's newest run if it is unfinished, its list and base URL are the same, and it was active \
      within --resume-within; otherwise start a new run and say why.
      """)
  var resume = false

  @Option(
    name: .customLong("resume-within"),
    help: ArgumentHelp(
      "How long ago the unfinished run may have been active: seconds, or 30m, 6h, 2d.", valueName: "duration"))
  var resumeWithin = TimeSpan.days(7)

  @Flag(
    name: .customLong("retry-failed"),
    help: "Ask again for the newest run's rows that have no answer, and write its reports anew.")
  var retryFailed = false

  var mode: RunPlan.RunMode { resume ? .resume : retryFailed ? .retryFailed : .newRun }

  func validate() throws {
    guard !resume || !retryFailed else { throw ValidationError("--resume and --retry-failed exclude each other.") }
  }
}
