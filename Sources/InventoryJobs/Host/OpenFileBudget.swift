package import Files

/// Shares this process's file descriptors between its files and its connections.
///
/// A process that runs out of descriptors does not only fail to connect: the libraries that it uses end it by a signal.
/// libdispatch opens a file in `/proc` every second and traps where it can't, and so does SwiftNIO where it can't make an
/// event loop. So the descriptors are counted before the first of them is needed, and connections get what is left.
package struct OpenFileBudget {
  /// What a command opens at most besides connections and event loops. Measured: 20 at a time, for a run with all formats.
  /// The others are for SQLite's temporary files, name lookups and the files in `/proc`.
  package static let files = 26
  private static let filesOfEventLoop = 3
  /// While a connection is opened there may be two sockets, one for each family of addresses (RFC 8305). The sandbox's end
  /// of a connection is in this process, too.
  private static let filesOfConnection = 2

  package let limit: OpenFileLimit

  package init(
    limit: OpenFileLimit
  ) {
    self.limit = limit
  }

  /// Makes sure that a command can begin.
  ///
  /// - Parameter databases: that it has open side by side, besides its own.
  /// - Throws: ``JobFailure``.
  package func requireFiles(databases: Int = 0) throws(JobFailure) {
    // A database, its log and the log's index.
    let files = Self.files + 3 * databases
    guard limit.free >= files else { throw tooFew(for: "this command", free: files) }
  }

  /// How many connections may be open at a time.
  ///
  /// - Parameters:
  ///   - wanted: at most so many.
  ///   - servers: HTTP servers in this process, each with event loops of its own.
  ///   - threads: event loops of a client or a server.
  /// - Throws: ``JobFailure`` where there is none to spare.
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
      "only \(limit.count) files and connections may be open at a time (ulimit -Hn), and \(user) needs "
        + "\(limit.open + free); raise the limit")
  }
}
