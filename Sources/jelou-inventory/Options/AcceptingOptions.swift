import ArgumentParser

/// Which held run to accept, and how to rewrite its HTML report.
struct AcceptingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Make a held run an ordinary finished one, compute its changes, and write its reports again: in the folder that \
      --output names, or beside the database where its reports are.
      """, valueName: "n"))
  var accept: Int64?

  @OptionGroup var page: PageOptions
}
