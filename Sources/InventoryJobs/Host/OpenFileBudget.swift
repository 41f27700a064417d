package import Files

/// Divides this process's file descriptors between its files and its connections.
///
/// If a process runs out of descriptors, connections fail, and libraries end the process with a signal. libdispatch
/// opens a file in `/proc` every second and traps if it can't. SwiftNIO traps if it can't create an event loop.
/// Therefore, descriptors are counted before the first one is needed, and connections use the remaining ones.
package struct OpenFileBudget {
  /// Maximum number of files that a command opens, not counting connections and event loops.
  ///
  /// Measured: 20 at a time, for a run with all formats. The others are for SQLite's temporary files, name lookups, and
  /// the files in `/proc`.
  package static let files = 26
  private static let filesOfEventLoop = 3
  /// Opening a connection may need two sockets, one for each address family (RFC 8305). The sandbox's end of a
  /// connection is also in this process.
  private static let filesOfConnection = 2

  package let limit: OpenFileLimit

  package init(
    limit: OpenFileLimit
  ) {
    self.limit = limit
  }

  /// Verifies that enough descriptors are free for a command to start.
  ///
  /// - Parameter databases: number of databases that it has open at the same time, in addition to its own.
  /// - Throws: ``JobFailure``.
  package func requireFiles(databases: Int = 0) throws(JobFailure) {
    // A database, its write-ahead log, and the log's index.
    let files = Self.files + 3 * databases
    guard limit.free >= files else { throw tooFew(for: "this command", free: files) }
  }

  /// Returns how many connections may be open at the same time.
  ///
  /// - Parameters:
  ///   - wanted: maximum number of connections.
  ///   - servers: number of HTTP servers in this process, each with its own event loops.
  ///   - threads: maximum number of event loops for a client or a server.
  /// - Throws: ``JobFailure`` if there are too few descriptors for even one connection.
  package func connections(wanted: Int, servers: Int, threads: Int) throws(JobFailure) -> Int {
    let eventLoops = limit.eventLoops(atMost: threads) * (1 + servers)
    let others = Self.files + eventLoops * Self.filesOfEventLoop + servers
    guard limit.free >= others + Self.filesOfConnection else {
      throw tooFew(for: "a run", free: others + Self.filesOfConnection)
    }
    return min(wanted, (limit.free - others) / Self.filesOfConnection)
  }

  private func tooFew(for user: String, free: Int) -> JobFailure {
    JobFailure(
      .unwritableOutput,
      "this process may open only \(limit.count) files and connections (ulimit -Hn), but \(user) needs "
        + "\(limit.open + free); raise the limit")
  }
}
