import Gateway
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard error, shared by everything that tells the user something: lines, and one status line that is drawn over.
///
/// Nothing here waits for the reader.
final class Console: Sendable {
  let isTerminal: Bool
  let usesColor: Bool
  /// Takes secrets out of whatever is told: from the beginning those of the environment.
  private let secrets: Mutex<SecretMask>
  private let output = BackgroundWriter.standardError

  /// - Parameter environment: `NO_COLOR` and `TERM` are heeded.
  init(environment: [String: String]) {
    secrets = Mutex(SecretMask(environment: environment))
    isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    usesColor = isTerminal && environment["NO_COLOR"]?.isEmpty != false
  }

  /// From now on, no value of these secrets is printed either.
  func mask(_ secrets: SecretMask) { self.secrets.withLock { $0 = $0.union(secrets) } }

  private func masked(_ text: String) -> String { secrets.withLock { $0 }.masked(text) }

  /// Whether whoever reads is slower than what is printed.
  var isBehind: Bool { output.isBehind }

  /// Prints a line above the status line.
  ///
  /// - Parameter isDispensable: whether it is the first to be left out when the reader is slow.
  func line(_ text: String, isDispensable: Bool = false) { output.line(masked(text), isDispensable: isDispensable) }

  /// Draws the status line over the last one. It must be shorter than the terminal is wide.
  func setStatus(_ text: String) { output.setStatus(masked(text)) }

  func clearStatus() { output.setStatus("") }

  /// From now on, lines that were left out are reported with this text, which gets their number.
  func reportLosses(with text: @escaping @Sendable (_ count: Int) -> String) { output.reportLosses(with: text) }

  /// Columns of the terminal; 80 when it does not say.
  var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  func styled(_ text: String, _ style: Style) -> String {
    usesColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  enum Style: Int {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
  }
}
