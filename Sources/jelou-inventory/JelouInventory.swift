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
    discussion: """
      Reads a list of project IDs from a CSV, asks the gateway for each project's integration, and leaves reports \
      (CSV, JSON Lines, HTML) and a SQLite database behind.
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

  /// Prints the same message as `exit(withError:)`, but masks misplaced keys that the parser's message repeats.
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
        "only \(threads) threads can be started (ulimit -Hu), and this program "
          + "needs \(ThreadLimit.needed); raise the limit"
      )
    }
  }
}
