import ArgumentParser
import Logging

/// How one command speaks with its user.
struct TerminalSession {
  let console: Console
  let logger: Logger
  let progressStyle: ProgressDisplay.Style
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
      handler.record(
        .warning, "log records are missing because standard error was not read in time", ["missing": "\(count)"])
    }
    progressStyle =
      switch options.progress {
      case _ where options.quiet: .none
      case .none: .none
      case .plain: .plain
      // A line that is drawn over is no JSON.
      case .bar: format == .json ? .plain : .bar
      case .auto: console.isTerminal && format == .text ? .bar : .plain
      }
  }

  /// How progress is told of a run: not drawn over rows that the same terminal shows.
  func progressStyle(for reports: ReportDestination) -> ProgressDisplay.Style {
    progressStyle == .bar && reports.sharesTerminal ? .plain : progressStyle
  }

  /// Shows the end of a run.
  func show(_ summary: RunSummary) {
    guard !isQuiet else { return }
    let text = SummaryText(summary: summary, console: console)
    switch format {
    case .text:
      for line in text.lines { console.line(line) }
    case .json:
      logger.info("finished", metadata: text.fields)
      for warning in [summary.verdict, summary.resumption, summary.suspicion].compactMap({ $0 }) {
        logger.warning("\(warning)")
      }
    }
  }

  /// Tells why a run ended early, and how the process is to end.
  func end(with failure: JobFailure) -> ExitCode {
    if failure.status.isAboutInput { console.mask(MisplacedKeys.ofProcess) }
    logger.error("\(failure.description)")
    return ExitCode(failure.status.rawValue)
  }
}
