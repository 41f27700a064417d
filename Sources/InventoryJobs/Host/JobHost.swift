package import Collecting
package import Gateway
package import TextFormats

/// The process that runs a job: where the job reports to, and what it has to know of the process.
package protocol JobHost: Sendable {
  /// Whether messages at the debug level are shown. Otherwise nobody needs to compose them.
  var showsDebugMessages: Bool { get }
  /// SIGINT, SIGTERM and SIGHUP.
  var signals: any JobSignals { get }
  /// Where data is printed.
  var standardOutput: any JobOutput { get }

  /// Shows a message to the user.
  ///
  /// - Parameter fields: facts for programs that read the log, by name.
  func log(_ level: MessageLevel, _ message: String, _ fields: [(name: String, value: JSONValue)])

  /// Masks these secrets in everything that is shown from now on.
  func mask(_ secrets: SecretMask)

  /// Runs an operation and shows its progress meanwhile.
  ///
  /// - Parameter rows: rows of the list.
  func showingProgress<Value: Sendable>(
    of board: ProgressBoard, rows: Int, _ operation: @escaping @Sendable () async throws -> Value
  ) async throws -> Value
}

package enum MessageLevel: Sendable {
  case debug, info, notice, warning, error
}

extension JobHost {
  func debug(_ message: String, _ fields: [(name: String, value: JSONValue)] = []) { log(.debug, message, fields) }
  package func info(_ message: String) { log(.info, message, []) }
  package func notice(_ message: String) { log(.notice, message, []) }
  package func warning(_ message: String) { log(.warning, message, []) }
  package func error(_ message: String) { log(.error, message, []) }
}

/// The signals that ask a job to stop. At first, each ends the process at once.
package protocol JobSignals: Sendable {
  /// nil when no signal was received.
  var timeSinceSignal: Duration? { get }

  /// From now on, a signal ends the process at once, after a clean-up.
  ///
  /// - Parameter cleanUp: removes what the job has created so far.
  func endProcess(cleanUp: @escaping @Sendable () -> Void)

  /// From now on, the first signal makes the job stop in order; the process then ends by the signal.
  func stopJob(_ stop: @escaping @Sendable () -> Void)

  /// Ends the process by the signal that was received.
  func endProcessNow() -> Never
}

/// Standard output.
package protocol JobOutput: Sendable {
  /// Columns of the terminal; nil where it is no terminal.
  var terminalWidth: Int? { get }

  /// - Throws: ``ReaderGone``, ``JobFailure`` where the process was asked to stop and nobody reads, and `FileError`.
  func write(_ bytes: [UInt8]) throws
}

/// Whoever read standard output has closed it, as `head` does when it has enough. The job ends without a complaint.
package struct ReaderGone: Error {
  package init() {}
}
