import Gateway
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard error, shared by everything that prints messages for the user: lines, and one status line that is redrawn.
///
/// No call waits for the reader.
final class Console: Sendable {
  let isTerminal: Bool
  let usesColor: Bool
  /// Masks secrets in all messages, from the start those of the environment.
  private let secrets: Mutex<SecretMask>
  private let output = BackgroundWriter.standardError

  /// - Parameter environment: its `NO_COLOR` and `TERM` are respected, and its secrets are masked.
  init(environment: [String: String]) {
    secrets = Mutex(SecretMask(environment: environment))
    isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    usesColor = isTerminal && environment["NO_COLOR"]?.isEmpty != false
  }

  /// From now on, also masks these secrets.
  func mask(_ secrets: SecretMask) { self.secrets.withLock { $0 = $0.union(secrets) } }

  private func masked(_ text: String) -> String { secrets.withLock { $0 }.masked(text) }

  /// Whether the reader is slower than the writer.
  var isBehind: Bool { output.isBehind }

  /// Prints a line above the status line.
  ///
  /// - Parameter isDispensable: whether the line is among the first to be dropped when the reader is slow.
  func line(_ text: String, isDispensable: Bool = false) { output.line(masked(text), isDispensable: isDispensable) }

  /// Replaces the status line. The text must be shorter than the width of the terminal.
  func setStatus(_ text: String) { output.setStatus(masked(text)) }

  func clearStatus() { output.setStatus("") }

  /// Sets the text that reports missing lines, as a function of their number.
  func reportLosses(with text: @escaping @Sendable (_ count: Int) -> String) { output.reportLosses(with: text) }

  /// The number of terminal columns; 80 when it is unknown.
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
