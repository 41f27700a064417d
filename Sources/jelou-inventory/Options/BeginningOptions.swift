import ArgumentParser

/// Which run is worked off: a new one, or one that the database has already.
struct BeginningOptions: ParsableArguments {
  @Flag(help: "Go on with the newest unfinished run in the database; without one, begin a new run.")
  var resume = false

  @Flag(
    name: .customLong("retry-failed"),
    help: "Ask again for the newest run's rows that have no answer, and write its reports anew.")
  var retryFailed = false

  var beginning: RunPlan.Beginning { resume ? .resume : retryFailed ? .retryFailed : .newRun }

  func validate() throws {
    guard !resume || !retryFailed else { throw ValidationError("--resume and --retry-failed exclude each other.") }
  }
}
