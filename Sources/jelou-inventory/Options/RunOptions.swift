import ArgumentParser
import Files
import Gateway
import GatewayTransport
import InventoryJobs
import Reporting

/// The options that define a run. A dry run (`plan`) has the same options.
struct RunOptions: ParsableArguments {
  @OptionGroup(title: "Project list") var list: ListOptions
  @OptionGroup(title: "Several machines") var sharding: ShardOptions
  @OptionGroup(title: "Resuming") var mode: RunModeOptions
  @OptionGroup(title: "Reports") var output: OutputOptions
  @OptionGroup(title: "Reports") var streaming: StreamingOptions
  @OptionGroup(title: "Gateway") var gateway: GatewayOptions
  @OptionGroup(title: "Rate limit and retries") var pace: PaceOptions
  @OptionGroup(title: "Audit") var audit: AuditOptions

  /// - Throws: ``JobFailure``, `TemplateError` and `ValidationError`.
  func plan(list path: String, environment: [String: String]) throws -> RunPlan {
    let gateway = try gateway.settings(environment: environment)
    let shard = try sharding.shard(environment: environment)
    let ending = audit.ending(reports: try reports(), databasePath: output.database.location.kept)
    let connections = try OpenFileBudget(limit: .current).connections(
      wanted: pace.concurrency, servers: gateway.source.isInProcess ? 1 : 0, threads: HTTPTransport.mostThreads)
    return RunPlan(
      listPath: path, listOptions: list.reading, shard: shard, mode: mode.mode,
      resumeWithin: mode.resumeWithin.duration, gateway: gateway, pace: pace.settings, connections: connections,
      ending: ending, environment: environment, given: GivenText.ofCommand)
  }

  /// The destination of a run's reports.
  ///
  /// - Throws: ``JobFailure`` and `TemplateError`.
  private func reports() throws -> ReportDestination {
    let reports = try output.reports()
    if case .newRun = mode.mode {
    } else if output.database.location.kept == nil {
      throw JobFailure(
        .usage,
        "--output - keeps a run only with --database FILE; add the database of the run to continue")
    }
    if case .standardOutput(let report) = reports, report.format == .jsonl {
      return .rows(streaming.ordered ? .list : .arrival)
    }
    guard !streaming.ordered else {
      throw JobFailure(
        .usage,
        "--ordered has no effect without --output - --format jsonl; omit it, other reports are always in list order")
    }
    return reports
  }
}

/// How to stream rows to standard output during a run.
struct StreamingOptions: ConfigurableOptions {
  @Flag(help: "Print rows in list order instead of arrival order; only with --output - --format jsonl.")
  var ordered = false
}
