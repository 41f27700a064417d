import Collecting
import Files
import Gateway
import GatewayTransport
import Ledger
import ProjectList
import Reporting
import SandboxGateway

extension JobFailure {
  /// Maps an error from any stage to an exit status and a message.
  package init(_ error: any Error) {
    switch error {
    case let failure as JobFailure: self = failure
    case let error as AnswersLost: self.init(error.cause)
    case let error as ListError:
      self = error.isAboutAccess ? .inaccessible(error.description) : JobFailure(.unusableInput, error.description)
    case let error as CredentialError:
      self = error.isAboutAccess ? .inaccessible(error.description) : JobFailure(.unusableInput, error.description)
    case let error as ExposedKeyError: self.init(.unusableInput, error.description)
    case let error as CAFileError:
      if case .cannotOpen = error {
        self = .inaccessible(error.description)
      } else {
        self.init(.unusableInput, error.description)
      }
    case let error as TemplateError: self.init(.unusableInput, error.description)
    case let error as Proxy.EnvironmentError: self.init(.unusableInput, error.description)
    case let error as TooManyColumns: self.init(.unusableInput, error.description)
    case let error as LedgerError where error.isAboutReading: self = .inaccessible(error.description)
    case let error as LedgerError: self.init(.unwritableOutput, error.description)
    case let error as SandboxUnavailable: self.init(.unwritableOutput, error.description)
    case let error as LockHeld:
      let holder = error.holder.map { " (\($0))" } ?? ""
      self.init(
        .busy,
        "\(error.path): another run\(holder) is using it; wait for that run, or use another --output and --database")
    case let error as FileError:
      self = JobFailure(.unwritableOutput, "\(error.path): can't be written: \(error.reason)")
        .adding(
          error.limit.map { "Raise the limit (\($0))" } ?? "Check free space and permissions, or choose another path")
    // A library's error message may contain data that was sent, so only the error's type is shown.
    default:
      self.init(.internalError, "unexpected internal error (\(type(of: error))); please report it")
    }
  }

  /// Returns the failure for an input file that is missing or can't be read.
  package static func inaccessible(_ description: String) -> JobFailure {
    JobFailure(.missingInput, description).adding("Check the path and its permissions")
  }
}
