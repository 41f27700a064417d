import ArgumentParser

/// What a run is told, and so what is told of a run that is only planned.
struct RunOptions: ParsableArguments {
  @OptionGroup(title: "Reading the list") var list: ListOptions
  @OptionGroup(title: "Past one machine") var sharding: ShardOptions
  @OptionGroup(title: "Going on") var beginning: BeginningOptions
  @OptionGroup(title: "Reports") var output: OutputOptions
  @OptionGroup(title: "Reports") var streaming: StreamingOptions
  @OptionGroup(title: "The gateway") var gateway: GatewayOptions
  @OptionGroup(title: "Pace") var pace: PaceOptions
  @OptionGroup(title: "Audit") var audit: AuditOptions
}
