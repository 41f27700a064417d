import Glibc

/// A program that this test needs is not on this machine.
package struct MissingProgram: Error, CustomStringConvertible {
  package var name: String
  package var package: String

  package var description: String { "\(name) is not installed, and this test needs it: apt-get install \(package)" }
}

/// A program ended otherwise than it should have.
package struct ProgramFailure: Error, CustomStringConvertible {
  package var description: String
}

/// A child of this process, started without a shell and ended by its own ID.
package struct ChildProcess: Sendable {
  private let id: pid_t

  /// - Parameters:
  ///   - program: a name to look for, or an absolute path.
  ///   - package: Debian's, which has it.
  ///   - log: takes what the program writes.
  package init(_ program: String, of package: String, _ arguments: [String], log: String) throws {
    let path = try Self.path(of: program, package: package)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // A child that inherits a socket would keep its port taken.
    for descriptor: Int32 in 3..<4096 { posix_spawn_file_actions_addclose(&actions, descriptor) }
    // Threads of this process may hold signals back, and a child would go on doing so.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let words = ([path] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    var id: pid_t = 0
    let code = posix_spawn(&id, path, &actions, &attributes, words + [nil], environ)
    guard code == 0 else { throw ProgramFailure(description: "\(path) can't be started: \(code)") }
    self.id = id
  }

  /// Waits for a program that ends by itself, and returns its status.
  package func wait() throws -> Int32 {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 {
      guard errno == EINTR else { throw ProgramFailure(description: "the child \(id) is not there") }
    }
    return status
  }

  /// Ends a program that would run on.
  package func stop() {
    kill(id, SIGTERM)
    for _ in 0..<300 {
      if waitpid(id, nil, WNOHANG) != 0 { return }
      usleep(10_000)
    }
    kill(id, SIGKILL)
    waitpid(id, nil, 0)
  }

  private static func path(of program: String, package: String) throws -> String {
    if program.hasPrefix("/"), access(program, X_OK) == 0 { return program }
    let folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":") + ["/usr/sbin", "/usr/bin"]
    for folder in folders where access("\(folder)/\(program)", X_OK) == 0 { return "\(folder)/\(program)" }
    throw MissingProgram(name: program, package: package)
  }
}
