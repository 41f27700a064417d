import Files
import Gateway

extension RunPlan {
  /// What the options of `run` and `plan` say.
  ///
  /// - Throws: ``JobFailure``, `TemplateError` and `ValidationError`.
  init(
    list: String, _ options: RunOptions, environment: [String: String]
  ) throws {
    let (output, gateway, pace, audit) = (options.output, options.gateway, options.pace, options.audit)
    try gateway.checkTogether()
    let source = try gateway.source
    let budget = OpenFileBudget(limit: .current)
    self.init(
      listPath: list, listOptions: options.list.reading,
      shard: try options.sharding.shard(environment: environment), reports: try options.reports(),
      databasePath: output.databasePath,
      gateway: source, notFoundBy: gateway.notFoundBy,
      credentials: gateway.credentials(environment: environment), caFile: gateway.caFile,
      rate: pace.rate, burst: pace.burst, rateBudget: pace.rateScope, concurrency: pace.concurrency,
      connections: try budget.connections(
        wanted: pace.concurrency, servers: source.isInProcess ? 1 : 0, threads: HTTPTransport.mostThreads),
      maxAttempts: pace.maxAttempts, timeout: pace.timeout.duration,
      connectTimeout: pace.connectTimeout.duration, maxDuration: pace.maxDuration?.duration,
      audit: audit.settings, maxGone: audit.maxGone, beginning: options.beginning.beginning,
      resumeWithin: options.beginning.resumeWithin.duration, failConditions: audit.failConditions,
      environment: environment, given: GivenText.ofCommand)
  }
}
