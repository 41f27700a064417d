/// The exit status of the process. Follows `sysexits.h` where it defines a suitable code.
package enum ExitStatus: Int32, CaseIterable {
  /// Every row was answered.
  case complete = 0
  /// Every row was answered, but a `--fail-on` condition matched.
  case conditionHolds = 1
  /// Some rows have no answer; the reports list them. For a probe: no credential is known to work.
  case incomplete = 2
  /// The run is held: it is not part of the history until it is accepted.
  case held = 3
  case usage = 64
  /// The list, the credentials, or the configuration can't be used.
  case unusableInput = 65
  /// An input file is missing or can't be opened.
  case missingInput = 66
  /// Requests were sent, but no HTTP response arrived.
  case gatewayUnreachable = 69
  /// An error in the program itself.
  case internalError = 70
  /// The reports or the database can't be written.
  case unwritableOutput = 73
  /// Another run is using the database or the output folder.
  case busy = 75
  /// Every credential in use received only 401 responses.
  case refusedCredentials = 77

  /// Whether the cause is user input: an option, a list, or a file to read.
  package var isAboutInput: Bool { [.usage, .unusableInput, .missingInput].contains(self) }
}

/// Ends the run with an exit status and a message for the user.
package struct JobFailure: Error, Hashable, CustomStringConvertible {
  package let status: ExitStatus
  package let description: String

  package init(_ status: ExitStatus, _ description: String) {
    self.status = status
    self.description = description
  }

  /// Returns the failure with advice for the user added to its description.
  package func adding(_ advice: String) -> JobFailure { JobFailure(status, "\(description). \(advice)") }
}
