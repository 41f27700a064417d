import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The sandbox can't listen on its port.
package struct SandboxUnavailable: Error, Hashable, CustomStringConvertible {
  /// The requested port; 0 for any free port.
  package let port: Int
  package let reason: String

  init(port: Int, _ error: any Error) {
    self.port = port
    reason =
      switch (error as? IOError)?.errnoCode {
      case EADDRINUSE: "another program uses this port; choose another with --port, or 0 for one that is free"
      case EACCES, EPERM:
        "this user may not open this port, as the system reserves low ones; "
          + "choose one from 1024, or 0 for one that is free"
      case let code?: String(cString: strerror(code))
      case nil: "an unexpected error (\(type(of: error)))"
      }
  }

  package var description: String {
    "\(port == 0 ? "127.0.0.1" : "127.0.0.1:\(port)"): the sandbox can't listen here: \(reason)"
  }
}
