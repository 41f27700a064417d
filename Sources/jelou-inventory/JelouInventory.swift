import ArgumentParser
import Files
import FoundationEssentials
import Gateway
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

  /// Every end of the process but a crash comes by here, or by ``Interruption/end(by:)``.
  static func main() async {
    StandardStreams.reserve()
    ProcessLimits.prepare()
    Interruption.ofProcess.listen()
    let code = await exitCode()
    BackgroundWriter.standardError.flush()
    Interruption.ofProcess.endBySignal()
    exit(withError: code)
  }

  /// Runs the command that the arguments name, and tells what goes wrong.
  private static func exitCode() async -> ExitCode {
    let environment = ProcessInfo.processInfo.environment
    do {
      let arguments = try arguments(environment: environment)
      if arguments.isEmpty { throw CleanExit.message(helpMessage()) }
      try await run(ConfiguredCommandLine(arguments: ParameterArguments.joined(arguments), environment: environment))
      return .success
    } catch {
      return end(with: error)
    }
  }

  private static func arguments(environment: [String: String]) throws -> [String] {
    do {
      return try ProcessTexts.arguments()
    } catch {
      throw TerminalSession(try .parse([]), environment: environment).end(with: error)
    }
  }

  /// Tells what `exit(withError:)` would, but for keys in the wrong place, which the parser's messages would repeat.
  private static func end(with error: any Error) -> ExitCode {
    let code = exitCode(for: error)
    let message = fullMessage(for: error)
    guard !message.isEmpty else { return code }
    let console = Console(environment: [:])
    guard code.isSuccess else {
      console.line(MisplacedKeys.ofProcess.masked(message))
      return code
    }
    do {
      try StandardOutput.print([message])
      return code
    } catch {
      let failure = JobFailure(error)
      console.line("error: \(failure.description)")
      return ExitCode(failure.status.rawValue)
    }
  }

  private static func run(_ line: ConfiguredCommandLine) async throws {
    var (command, settings): (any ParsableCommand, Settings?)
    do {
      (command, settings) = try line.parse()
    } catch let failure as JobFailure {
      // The command line alone says how to print it; what is wrong with that comes first.
      let command = try parseAsRoot(line.arguments) as? any ConfigurableCommand
      let terminal = try command?.terminal ?? TerminalOptions.parse([])
      throw TerminalSession(terminal, environment: line.environment).end(with: failure)
    } catch let unknown as UnknownCommand {
      let command = try? parseAsRoot(line.arguments) as? any ConfigurableCommand
      let terminal = try command?.terminal ?? TerminalOptions.parse([])
      throw TerminalSession(terminal, environment: line.environment).end(with: unknown.failure)
    }
    let given = try givenTexts(of: command, settings, environment: line.environment)
    if let settings, let command = command as? any ConfigurableCommand {
      let session = TerminalSession(command.terminal, environment: line.environment)
      for warning in line.unknownVariables { session.logger.warning("\(warning)") }
      if (command as? RunCommand)?.printsSettings == true {
        do {
          return try StandardOutput.print(SettingsText(settings: settings, environment: line.environment).lines)
        } catch {
          throw session.end(with: JobFailure(error))
        }
      }
    }
    if let settings, var merge = command as? MergeCommand {
      merge.chooseOutput(by: settings)
      command = merge
    }
    if let settings, var runs = command as? RunsCommand {
      runs.chooseOutput(by: settings)
      command = runs
    }
    do {
      try requireResources()
    } catch {
      let terminal = try (command as? any ConfigurableCommand)?.terminal ?? TerminalOptions.parse([])
      throw TerminalSession(terminal, environment: line.environment).end(with: error)
    }
    try await GivenText.$ofCommand.withValue(given) { [command] in
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        var command = command
        try command.run()
      }
    }
  }

  /// Makes sure that there is what every command needs: the libraries that it uses crash or hang without.
  private static func requireResources() throws(JobFailure) {
    try OpenFileBudget(limit: .current).requireFiles()
    let threads = ThreadLimit.trial(of: ThreadLimit.needed)
    guard threads == ThreadLimit.needed else {
      throw JobFailure(
        .unwritableOutput,
        "only \(threads) threads can be started (ulimit -Hu), and this program needs \(ThreadLimit.needed); raise the limit"
      )
    }
  }

  /// What was given to a command, none of which contains a key of the environment.
  private static func givenTexts(
    of command: any ParsableCommand, _ settings: Settings?, environment: [String: String]
  ) throws -> [GivenText] {
    guard let settings, let command = command as? any ConfigurableCommand else { return [] }
    let texts = settings.texts + command.paths
    let mask = SecretMask(environment: environment)
    do {
      for text in texts { try mask.refuse(text.value, in: text.place) }
    } catch {
      throw TerminalSession(command.terminal, environment: environment).end(with: JobFailure(error))
    }
    return texts
  }
}
