import ArgumentParser

/// Which held run to accept, and how to rewrite its HTML report.
struct AcceptingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Accept this held run: it becomes part of the history, and its reports are rewritten.", valueName: "n"))
  var accept: Int64?

  @OptionGroup var page: PageOptions
}
