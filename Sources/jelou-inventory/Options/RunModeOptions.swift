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
      Continue the newest run if it is unfinished, recent, and has the same list and base URL. Otherwise start a new \
      run and report why.
      """)
  var resume = false

  @Option(
    name: .customLong("resume-within"),
    help: ArgumentHelp(
      "Resume only a run that was active within this time.", valueName: "duration"))
  var resumeWithin = TimeSpan.days(7)

  @Flag(
    name: .customLong("retry-failed"),
    help: "Retry the rows of the newest run that have no answer, and rewrite its reports.")
  var retryFailed = false

  var mode: RunPlan.RunMode { resume ? .resume : retryFailed ? .retryFailed : .newRun }

  func validate() throws {
    guard !resume || !retryFailed else {
      throw ValidationError("--resume and --retry-failed can't be combined; use one of them.")
    }
  }
}
