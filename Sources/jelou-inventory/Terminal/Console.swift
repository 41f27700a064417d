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
final class Console: Sendable {
  let isTerminal: Bool
  let usesColor: Bool
  /// The status line on the terminal at present; empty for none.
  private let status = Mutex("")
  /// Takes secrets out of whatever is told: from the beginning those of the environment.
  private let secrets: Mutex<SecretMask>

  /// - Parameter environment: `NO_COLOR` and `TERM` are heeded.
  init(environment: [String: String]) {
    secrets = Mutex(SecretMask(environment: environment))
    // Else the system ends the process at the first line that nobody reads.
    signal(SIGPIPE, SIG_IGN)
    isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    usesColor = isTerminal && environment["NO_COLOR"]?.isEmpty != false
  }

  /// From now on, no value of these secrets is printed either.
  func mask(_ secrets: SecretMask) { self.secrets.withLock { $0 = $0.union(secrets) } }

  private func masked(_ text: String) -> String { secrets.withLock { $0 }.masked(text) }

  /// Prints a line above the status line.
  func line(_ text: String) {
    let text = masked(text)
    status.withLock { status in
      write((status.isEmpty ? "" : Self.erase) + text + "\n" + status)
    }
  }

  /// Draws the status line over the last one. It must be shorter than the terminal is wide.
  func setStatus(_ text: String) {
    let text = masked(text)
    status.withLock { status in
      write(Self.erase + text)
      status = text
    }
  }

  func clearStatus() {
    status.withLock { status in
      if !status.isEmpty { write(Self.erase) }
      status = ""
    }
  }

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

  /// To the line's start, and nothing behind.
  private static let erase = "\r\u{1B}[K"

  /// A reader that has gone away must not end the run.
  private func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { systemWrite(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count <= 0 && errno != EINTR { return }
      bytes = bytes.dropFirst(max(0, count))
    }
  }
}

/// `write(2)`, whose name the method of the same name hides.
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
