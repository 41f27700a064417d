extension RunPlan {
  /// What the options of `run` and `plan` say.
  ///
  /// - Throws: ``JobFailure``, `TemplateError` and `ValidationError`.
  init(
    list: String, _ listOptions: ListOptions, _ beginning: BeginningOptions, _ output: OutputOptions,
    _ gateway: GatewayOptions, _ pace: PaceOptions, _ audit: AuditOptions, environment: [String: String]
  ) throws {
    self.init(
      listPath: list, listOptions: listOptions.reading, reports: try output.reports(),
      databasePath: output.databasePath,
      gateway: try gateway.source, credentials: gateway.credentials(environment: environment),
      caFile: gateway.caFile, rate: pace.rate, burst: pace.burst, rateBudget: pace.rateScope,
      concurrency: pace.concurrency, maxAttempts: pace.maxAttempts, timeout: pace.timeout.duration,
      connectTimeout: pace.connectTimeout.duration, maxDuration: pace.maxDuration?.duration,
      audit: audit.settings, beginning: beginning.beginning, failConditions: audit.failConditions,
      environment: environment)
  }
}
