/// What the process ends with (the codes of `sysexits.h` where there is one).
package enum ExitStatus: Int32, CaseIterable {
  /// Every row is answered.
  case complete = 0
  /// Every row is answered, and a condition holds that was to fail the run.
  case conditionHolds = 1
  /// Some rows have no answer; the reports say which. Of a probe: no credential is known to work.
  case incomplete = 2
  /// The run is held: it is not part of the history until it is accepted.
  case held = 3
  case usage = 64
  /// The list, the credentials or the configuration can't be used.
  case unusableInput = 65
  /// An input file can't be opened or is missing.
  case missingInput = 66
  /// Requests were made, and not one HTTP answer came.
  case gatewayUnreachable = 69
  /// An error of the program itself.
  case internalError = 70
  /// The reports or the database can't be written.
  case unwritableOutput = 73
  /// Another run holds the database or the output folder.
  case busy = 75
  /// Every credential in use got nothing but 401.
  case refusedCredentials = 77

  /// Whether it is about what the user gave: an option, a list, a file to read.
  package var isAboutInput: Bool { [.usage, .unusableInput, .missingInput].contains(self) }
}

/// Ends the run with a status and a sentence for the user.
package struct JobFailure: Error, Hashable, CustomStringConvertible {
  package let status: ExitStatus
  package let description: String

  package init(_ status: ExitStatus, _ description: String) {
    self.status = status
    self.description = description
  }

  /// With what the user may do about it.
  package func adding(_ advice: String) -> JobFailure { JobFailure(status, "\(description). \(advice)") }
}
