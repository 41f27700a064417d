package import Collecting
package import Gateway
package import TextFormats

/// The process that runs a job. It displays the job's messages and provides facts about the process.
package protocol JobHost: Sendable {
  /// Whether debug messages are shown. If not, they need not be composed.
  var showsDebugMessages: Bool { get }
  /// Handles SIGINT, SIGTERM, and SIGHUP.
  var signals: any JobSignals { get }
  /// Where data is printed.
  var standardOutput: any JobOutput { get }

  /// Shows a message to the user.
  func log(_ level: MessageLevel, _ message: String)

  /// Logs an event at the debug level.
  ///
  /// - Parameters:
  ///   - sentence: the event for people.
  ///   - name: the name of the event's record, for programs that read the log.
  ///   - fields: the record's named values.
  func debug(_ sentence: String, as name: String, _ fields: [(name: String, value: JSONValue)])

  /// Masks these secrets in everything that is shown from now on.
  func mask(_ secrets: SecretMask)

  /// Runs an operation and shows its progress while it runs.
  ///
  /// - Parameter rows: number of rows in the list.
  func showingProgress<Value: Sendable>(
    of board: ProgressBoard, rows: Int, _ operation: @escaping @Sendable () async throws -> Value
  ) async throws -> Value
}

package enum MessageLevel: Sendable {
  case info, notice, warning, error
}

extension JobHost {
  package func info(_ message: String) { log(.info, message) }
  package func notice(_ message: String) { log(.notice, message) }
  package func warning(_ message: String) { log(.warning, message) }
  package func error(_ message: String) { log(.error, message) }
}

/// The signals that ask a job to stop. Initially, each signal ends the process at once.
package protocol JobSignals: Sendable {
  /// nil when no signal was received.
  var timeSinceSignal: Duration? { get }

  /// From now on, a signal ends the process at once, after a clean-up.
  ///
  /// - Parameter cleanUp: removes what the job has created so far.
  func endProcess(cleanUp: @escaping @Sendable () -> Void)

  /// From now on, the first signal stops the job gracefully. The process then ends by the signal.
  func stopJob(_ stop: @escaping @Sendable () -> Void)

  /// Ends the process by the signal that was received.
  func endProcessNow() -> Never
}

/// Standard output.
package protocol JobOutput: Sendable {
  /// Width of the terminal in columns; nil if standard output is not a terminal.
  var terminalWidth: Int? { get }

  /// - Throws: ``ReaderGone``, ``JobFailure`` if the process was asked to stop while nothing reads the output, and
  ///   `FileError`.
  func write(_ bytes: [UInt8]) throws
}

/// The reader closed standard output, as `head` does after enough lines. The job ends without an error message.
package struct ReaderGone: Error {
  package init() {}
}
