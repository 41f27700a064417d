import Gateway
import InventoryJobs
import InventoryModel
import TextFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The arguments and environment variables of this process, checked as raw bytes.
///
/// Swift repairs text that is not UTF-8, and a repaired path names another file.
enum ProcessTexts {
  /// The arguments after the program's name.
  ///
  /// - Throws: ``JobFailure`` when an argument is not UTF-8.
  static func arguments() throws(JobFailure) -> [String] {
    var arguments: [String] = []
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let bytes = CommandLine.unsafeArgv[index] else { break }
      guard let argument = String(validatingCString: bytes) else {
        let repaired = String(cString: bytes).visible
        throw JobFailure(
          .usage, "argument \(index) (\(repaired)) is not UTF-8; rename the file or folder to a UTF-8 name")
      }
      arguments.append(argument)
    }
    return arguments
  }

  /// The environment variables that the program reads, except those that are named elsewhere, e.g. in a credentials
  /// file.
  private static let variables =
    ConfigurableOption.all.map(\.variable) + CredentialSources.variables + [
      ConfigurableOption.fileVariable, JobArray.countVariable, "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy",
    ]

  /// - Throws: ``JobFailure`` when a variable's value is not UTF-8.
  static func checkVariables() throws(JobFailure) {
    for name in variables {
      guard let bytes = getenv(name), String(validatingCString: bytes) == nil else { continue }
      throw JobFailure(.unusableInput, "the variable \(name) is not UTF-8; set it to UTF-8 text")
    }
  }
}
