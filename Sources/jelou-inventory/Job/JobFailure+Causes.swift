import Files
import Gateway
import Ledger
import ProjectList
import Reporting

extension JobFailure {
  /// What an error of one of the stages means for the process.
  init(_ error: any Error) {
    switch error {
    case let failure as JobFailure: self = failure
    case let error as ListError:
      self.init(error.isAboutAccess ? .missingInput : .unusableInput, error.description)
    case let error as CredentialError:
      self.init(error.isAboutAccess ? .missingInput : .unusableInput, error.description)
    case let error as CAFileError:
      if case .cannotOpen = error {
        self.init(.missingInput, error.description)
      } else {
        self.init(.unusableInput, error.description)
      }
    case let error as TemplateError: self.init(.unusableInput, error.description)
    case let error as Proxy.EnvironmentError: self.init(.unusableInput, error.description)
    case let error as LedgerError: self.init(.unwritableOutput, error.description)
    case let error as LockHeld:
      let holder = error.holder.map { " (\($0))" } ?? ""
      self.init(
        .held,
        "\(error.path): another run\(holder) is at work here; wait for it, or use another --output and --database")
    case let error as FileError: self.init(.unwritableOutput, "\(error.path): can't be written: \(error.reason)")
    // A library's own words may hold what was sent, so only the error's type is told.
    default: self.init(.internalError, "An error that should not happen ended the run: \(type(of: error)).")
    }
  }
}
