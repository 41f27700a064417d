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
      case EADDRINUSE: "the port is in use; choose another with --port, or 0 for any free port"
      case EACCES, EPERM:
        "this user may not open this port, because the system reserves low ports; "
          + "choose one from 1024, or 0 for any free port"
      case let code?: String(cString: strerror(code))
      case nil: "an unexpected error (\(type(of: error)))"
      }
  }

  package var description: String {
    "\(port == 0 ? "127.0.0.1" : "127.0.0.1:\(port)"): the sandbox can't listen on this address: \(reason)"
  }
}
