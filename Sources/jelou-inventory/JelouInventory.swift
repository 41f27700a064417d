import ArgumentParser
import Files
import FoundationEssentials
import Logging

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
    version: Version.full,
    subcommands: [
      RunCommand.self, PlanCommand.self, ReportCommand.self, ChangesCommand.self, RunsCommand.self, QueryCommand.self,
      MergeCommand.self, SandboxCommand.self,
    ],
    defaultSubcommand: RunCommand.self)

  static func main() async {
    StandardStreams.reserve()
    let environment = ProcessInfo.processInfo.environment
    let line = ConfiguredCommandLine(
      arguments: ParameterArguments.joined(Array(CommandLine.arguments.dropFirst())), environment: environment)
    do {
      try await run(line)
    } catch {
      exit(withError: error)
    }
  }

  private static func run(_ line: ConfiguredCommandLine) async throws {
    var (command, settings): (any ParsableCommand, Settings?)
    do {
      (command, settings) = try line.parse()
    } catch let failure as JobFailure {
      // The command line alone says how to tell it; what is wrong with that comes first.
      let command = try parseAsRoot(line.arguments) as? any ConfigurableCommand
      let terminal = try command?.terminal ?? TerminalOptions.parse([])
      throw TerminalSession(terminal, environment: line.environment).end(with: failure)
    }
    if let settings, let run = command as? RunCommand {
      if run.printsSettings {
        SettingsText(settings: settings, environment: line.environment).lines.forEach(StandardOutput.line)
        return
      }
      let session = TerminalSession(run.terminal, environment: line.environment)
      for name in line.unknownVariables { session.logger.warning("a variable that sets nothing: \(name)") }
    }
    if let settings, var merge = command as? MergeCommand {
      merge.chooseOutput(by: settings)
      command = merge
    }
    if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      try command.run()
    }
  }
}
