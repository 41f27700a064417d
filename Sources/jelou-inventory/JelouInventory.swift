import ArgumentParser

/// The program's commands.
@main
struct JelouInventory: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jelou-inventory",
    abstract: "Take an inventory of the integrations of many Jelou projects.",
    discussion: """
      Reads a list of project IDs from a CSV, asks the gateway for each project's integration, and leaves reports \
      (CSV, JSON Lines, HTML) and a SQLite database behind.
      """,
    version: Version.current,
    subcommands: [
      RunCommand.self, PlanCommand.self, ReportCommand.self, ChangesCommand.self, RunsCommand.self, SandboxCommand.self,
    ],
    defaultSubcommand: RunCommand.self)
}
