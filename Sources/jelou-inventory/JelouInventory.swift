import ArgumentParser
import Files
import FoundationEssentials
import Gateway
import InventoryJobs
import Logging

/// The root command of the program.
@main
struct JelouInventory: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jelou-inventory",
    abstract: "Take an inventory of the integrations of many Jelou projects.",
    usage: """
      jelou-inventory <command> [<arguments>]
      jelou-inventory <list> [<options>]
      """,
    discussion: """
      Examples:
        jelou-inventory run projects.csv --sandbox
        jelou-inventory plan projects.csv
        jelou-inventory run projects.csv
        jelou-inventory query --list

      Reads project IDs from a CSV file, fetches the integration of each project from the gateway, and writes reports \
      (CSV, JSON Lines, HTML, XLSX) and a SQLite database. run is the default command: jelou-inventory projects.csv \
      is the same as jelou-inventory run projects.csv.

      Guides: Markdown files in the source repository, in the folder
      Sources/jelou-inventory/jelou-inventory.docc. Start with GettingStarted.md.
      """,
    version: ProgramVersion.full,
    subcommands: [
      RunCommand.self, PlanCommand.self, ReportCommand.self, ChangesCommand.self, RunsCommand.self, QueryCommand.self,
      MergeCommand.self, SandboxCommand.self,
    ],
    defaultSubcommand: RunCommand.self)

  /// Runs the program. The process ends here or in ``Interruption/end(by:)``, unless it crashes.
  static func main() async {
    StandardStreams.reserve()
    ProcessLimits.prepare()
    Interruption.ofProcess.listen()
    let code = await exitCode()
    BackgroundWriter.standardError.flush()
    Interruption.ofProcess.endBySignal()
    exit(withError: code)
  }

  /// Runs the command that the arguments name, and reports errors.
  private static func exitCode() async -> ExitCode {
    let environment = ProcessInfo.processInfo.environment
    var arguments: [String] = []
    do {
      arguments = try self.arguments(environment: environment)
      if arguments.isEmpty { throw CleanExit.message(helpMessage()) }
      try await run(ConfiguredCommandLine(arguments: ParameterArguments.joined(arguments), environment: environment))
      return .success
    } catch {
      return end(with: error, arguments)
    }
  }

  private static func arguments(environment: [String: String]) throws -> [String] {
    do {
      return try ProcessTexts.arguments()
    } catch {
      throw TerminalSession(try .parse([]), environment: environment).end(with: error)
    }
  }

  /// Prints what the parser reports: help and the like on standard output, an error on standard error.
  private static func end(with error: any Error, _ arguments: [String]) -> ExitCode {
    let code = exitCode(for: error)
    guard code.isSuccess else {
      let message = message(for: error)
      return message.isEmpty ? code : end(with: message, of: arguments)
    }
    let message = fullMessage(for: error)
    guard !message.isEmpty else { return code }
    do {
      try StandardOutput.print([message])
      return code
    } catch {
      let failure = JobFailure(error)
      Console(environment: [:]).line("error: \(failure.description)")
      return ExitCode(failure.status.rawValue)
    }
  }

  /// Prints an error in the command line, and where to find help.
  private static func end(with message: String, of arguments: [String]) -> ExitCode {
    let command = configuration.subcommands.first { $0._commandName == arguments.first } ?? RunCommand.self
    let isJSON = GivenOptions(arguments).values["log-format"] == [LogFormat.json.rawValue]
    guard let terminal = try? TerminalOptions.parse(isJSON ? ["--log-format=json"] : []) else { return .failure }
    let session = TerminalSession(terminal, environment: [:])
    let text = ParserMessage(message, of: command).text
    let code = session.end(with: JobFailure(.usage, text))
    if !isJSON {
      session.console.line("See 'jelou-inventory \(command._commandName) --help' for examples and options.")
    }
    return code
  }

  private static func run(_ line: ConfiguredCommandLine) async throws {
    let (parsed, settings) = try parse(line)
    guard let settings, let command = parsed as? any ConfigurableCommand else { return try await run(parsed, line) }
    let session = TerminalSession(command.terminal, environment: line.environment)
    let given = settings.texts + command.paths
    let status: ExitStatus = try await GivenText.$ofCommand.withValue(given) {
      do {
        let mask = SecretMask(environment: line.environment)
        for text in given { try mask.refuse(text.value, in: text.place) }
        for warning in line.unknownVariables { session.logger.warning("\(warning)") }
        if command.printsSettings {
          try StandardOutput.print(SettingsText(settings: settings).lines)
          return .complete
        }
        try requireResources()
        return try await command.run(in: session, with: settings)
      } catch is ReaderGone {
        return .complete
      } catch {
        throw session.end(with: JobFailure(error))
      }
    }
    throw ExitCode(status.rawValue)
  }

  private static func parse(_ line: ConfiguredCommandLine) throws -> (any ParsableCommand, Settings?) {
    do {
      return try line.parse()
    } catch let failure as JobFailure {
      // Errors in the command line itself have priority: `terminal()` throws them.
      throw TerminalSession(try line.terminal(), environment: line.environment).end(with: failure)
    } catch let unknown as UnknownCommand {
      let terminal = try (try? line.terminal()) ?? .parse([])
      throw TerminalSession(terminal, environment: line.environment).end(with: unknown.failure)
    }
  }

  /// Runs a command that has no settings.
  private static func run(_ command: any ParsableCommand, _ line: ConfiguredCommandLine) async throws {
    do {
      try requireResources()
    } catch {
      throw TerminalSession(try .parse([]), environment: line.environment).end(with: error)
    }
    if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      var command = command
      try command.run()
    }
  }

  /// Checks that the files and threads that every command needs are available: without them, libraries crash or hang.
  private static func requireResources() throws(JobFailure) {
    try OpenFileBudget(limit: .current).requireFiles()
    let threads = ThreadLimit.trial(of: ThreadLimit.needed)
    guard threads == ThreadLimit.needed else {
      throw JobFailure(
        .unwritableOutput,
        "this process may start only \(threads) threads (ulimit -Hu), but the program "
          + "needs \(ThreadLimit.needed); raise the limit"
      )
    }
  }
}
