import ArgumentParser
import Collecting
import Gateway
import InventoryJobs
import Logging
import TextFormats

/// The interaction of one command with its user: messages, progress, signals and standard output.
struct TerminalSession: JobHost {
  let console: Console
  let logger: Logger
  let signals: any JobSignals = Interruption.ofProcess
  let standardOutput: any JobOutput = StandardOutput.ofProcess
  private var progressStyle: ProgressDisplay.Style
  private let format: LogFormat
  private let isQuiet: Bool

  init(_ options: TerminalOptions, environment: [String: String]) {
    let console = Console(environment: environment)
    let (format, level): (LogFormat, Logger.Level) =
      (options.logFormat, options.quiet ? .error : options.verbose ? .debug : .info)
    self.console = console
    self.format = format
    isQuiet = options.quiet
    let handler = ConsoleLogHandler(console: console, format: format, logLevel: level)
    logger = Logger(label: "jelou-inventory") { _ in handler }
    console.reportLosses { count in
      let loss = "log records are missing because standard error was not read in time"
      return switch format {
      case .text: handler.record(.warning, "\(count) \(loss)", [:])
      case .json: handler.record(.warning, loss, ["missing": "\(count)"])
      }
    }
    progressStyle =
      switch options.progress {
      case _ where options.quiet: .none
      case .none: .none
      case .plain: .plain
      // A redrawn line is not JSON.
      case .bar: format == .json ? .plain : .bar
      case .auto: console.isTerminal && format == .text ? .bar : .plain
      }
  }

  /// The session for a run with these reports.
  ///
  /// If rows are printed to a terminal, progress is printed as plain lines, because a bar would overwrite the rows.
  func adapted(to reports: ReportDestination) -> TerminalSession {
    var session = self
    if progressStyle == .bar, reports.printsRows, StandardOutput.isTerminal { session.progressStyle = .plain }
    return session
  }

  var showsDebugMessages: Bool { logger.logLevel <= .debug }

  func log(_ level: MessageLevel, _ message: String) { logger.log(level: Logger.Level(level), "\(message)") }

  func debug(_ sentence: String, as name: String, _ fields: [(name: String, value: JSONValue)]) {
    switch format {
    case .text: logger.debug("\(sentence)")
    case .json:
      logger.debug(
        "\(name)", metadata: Logger.Metadata(uniqueKeysWithValues: fields.map { ($0.name, .init($0.value)) }))
    }
  }

  func mask(_ secrets: SecretMask) { console.mask(secrets) }

  func showingProgress<Value: Sendable>(
    of board: ProgressBoard, rows: Int, _ operation: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await ProgressDisplay(
      style: progressStyle, format: format, total: rows, board: board, console: console, logger: logger
    ).showing(operation)
  }

  /// Prints the summary of a run. If the output is quiet, prints only why no result is usable, as an error.
  func show(_ summary: RunSummary) {
    guard !isQuiet else {
      let isError = [.held, .gatewayUnreachable, .refusedCredentials].contains(summary.status)
      if isError, let verdict = summary.verdict { logger.error("\(verdict)") }
      return
    }
    let text = SummaryText(summary: summary, console: console)
    switch format {
    case .text:
      // Where the width is not known, a line is left as long as it is: programs search for it.
      for line in text.lines(width: console.isTerminal ? console.width : nil) { console.line(line) }
    case .json:
      logger.info("finished", metadata: text.fields)
      for warning in [summary.verdict, summary.resumption, summary.suspicion].compactMap({ $0 }) {
        logger.warning("\(warning)")
      }
    }
  }

  /// Logs why a run ended early.
  ///
  /// - Returns: the exit code of the process.
  func end(with failure: JobFailure) -> ExitCode {
    if failure.status.isAboutInput { console.mask(MisplacedKeys.ofProcess) }
    logger.error("\(failure.description)")
    return ExitCode(failure.status.rawValue)
  }
}

extension Logger.Level {
  fileprivate init(_ level: MessageLevel) {
    self =
      switch level {
      case .info: .info
      case .notice: .notice
      case .warning: .warning
      case .error: .error
      }
  }
}

extension Logger.MetadataValue {
  fileprivate init(_ value: JSONValue) {
    self =
      switch value {
      case .array(let elements): .array(elements.map(Self.init))
      case .object(let object):
        .dictionary(Logger.Metadata(uniqueKeysWithValues: object.members.map { ($0.name, .init($0.value)) }))
      case .string(let text), .number(let text): .string(text)
      case .bool(let flag): .string(String(flag))
      case .null: .string("")
      }
  }
}
