import ArgumentParser
import Reporting

/// How rows are written to standard output while a run goes on.
struct StreamingOptions: ParsableArguments {
  @Flag(help: "With --output - and --format jsonl: the rows in the list's order, not as answers come.")
  var ordered = false
}

extension RunOptions {
  /// Where the reports of a run go.
  ///
  /// - Throws: ``JobFailure`` and `TemplateError`.
  func reports() throws -> ReportDestination {
    let reports = try output.reports()
    if case .newRun = beginning.beginning {
    } else if output.databasePath == nil {
      throw JobFailure(
        .usage,
        "With --output - a run is kept only in the database that --database names: there is nothing to go on with")
    }
    if case .standardOutput(let report) = reports, report.format == .jsonl {
      return .rows(streaming.ordered ? .list : .arrival)
    }
    guard !streaming.ordered else {
      throw JobFailure(
        .usage, "--ordered takes --output - and --format jsonl; all other reports are in the list's order anyway")
    }
    return reports
  }
}
