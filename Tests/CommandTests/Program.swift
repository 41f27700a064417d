import Foundation
import Testing

/// The program, driven as a user's scripts drive it: arguments in, files and an exit code out, and no right that an
/// ordinary user lacks.
struct Program {
  struct Ending: Sendable {
    var status: Int32
    /// Set when the process was ended by a signal.
    var signal: Int32?
    var output: String
    var error: String
  }

  /// A folder of its own, in which the program runs.
  let folder: Scratch
  /// The whole environment; nothing of the tester's own shines through.
  var environment: [String: String] = ["JELOU_API_KEY": "canary-key-4711"]
  /// A command that the program runs under, e.g. a tracer; its first word is an absolute path.
  var wrapper: [String] = []
  /// What makes the user: nothing for whoever runs the tests.
  var user: [String]

  init() throws {
    folder = try Scratch()
    user = try OrdinaryUser.command
  }

  /// Runs to the end, a minute at most unless told otherwise.
  func run(_ arguments: [String], input: String? = nil, limit: Duration = .seconds(60)) async throws -> Ending {
    try await start(arguments, input: input, limit: limit).ending
  }

  /// Starts the program and leaves it running.
  ///
  /// - Parameters:
  ///   - standardInput: in place of a file with `input`.
  ///   - standardOutput: in place of a file that is read at the end, as `standardError`.
  func start(
    _ arguments: [String], input: String? = nil, standardInput: FileHandle? = nil, standardOutput: FileHandle? = nil,
    standardError: FileHandle? = nil, limit: Duration = .seconds(60)
  ) throws -> RunningProgram {
    if !user.isEmpty { try OrdinaryUser.own(folder.path) }
    let process = Process()
    let command = Shell.withSignals + user + wrapper + [try Self.executable.path()] + arguments
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    process.environment = environment
    process.currentDirectoryURL = URL(filePath: folder.path)
    let name = UUID().uuidString
    let files = ["in", "out", "err"].map { folder.outside.appending(component: "\(name).\($0)") }
    try Data((input ?? "").utf8).write(to: files[0])
    try Data().write(to: files[1])
    try Data().write(to: files[2])
    let handles = [
      try FileHandle(forReadingFrom: files[0]), try FileHandle(forWritingTo: files[1]),
      try FileHandle(forWritingTo: files[2]),
    ]
    // The program has its own by then, and the process, which has these, is never deallocated.
    defer { for handle in handles { try? handle.close() } }
    process.standardInput = standardInput ?? handles[0]
    process.standardOutput = standardOutput ?? handles[1]
    process.standardError = standardError ?? handles[2]
    return try RunningProgram(process, output: files[1], error: files[2], limit: limit)
  }

  /// The command with which a shell of the tests starts the program, as ``start(_:input:standardInput:standardOutput:standardError:limit:)``
  /// does.
  func shellCommand() throws -> String {
    if !user.isEmpty { try OrdinaryUser.own(folder.path) }
    return (user + ["'\(try Self.executable.path())'"]).joined(separator: " ")
  }

  /// The installed release, where `JELOU_INVENTORY_BINARY` names it as `Tests/run.sh` does; else, while something is being
  /// worked on, the debug build beside the bundle of the tests.
  static var executable: URL {
    get throws {
      let bundle = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      let built = bundle.deletingLastPathComponent().appending(component: "jelou-inventory")
      let installed = ProcessInfo.processInfo.environment["JELOU_INVENTORY_BINARY"]
      let url = installed.map { URL(filePath: $0) } ?? built
      try #require(FileManager.default.isExecutableFile(atPath: url.path()), "There is no program: \(url.path())")
      return url
    }
  }

  /// The repository.
  static var root: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  }
}

/// A program that has been started, and ends by itself, by a signal or at its time limit.
struct RunningProgram: Sendable {
  let id: Int32
  private let result: Task<Program.Ending, any Error>

  init(_ process: Process, output: URL, error: URL, limit: Duration) throws {
    let (ends, end) = AsyncStream.makeStream(of: (status: Int32, isSignal: Bool).self)
    process.terminationHandler = { process in
      end.yield((process.terminationStatus, process.terminationReason == .uncaughtSignal))
      end.finish()
    }
    try process.run()
    let id = process.processIdentifier
    self.id = id
    let watchdog = Task {
      try await Task.sleep(for: limit)
      kill(id, SIGKILL)
    }
    result = Task {
      defer { watchdog.cancel() }
      for await (status, isSignal) in ends {
        return Program.Ending(
          status: status, signal: isSignal ? status : nil, output: try String(contentsOf: output, encoding: .utf8),
          error: String(decoding: try Data(contentsOf: error), as: UTF8.self))
      }
      throw CancellationError()
    }
  }

  /// Sends the process a signal; nothing happens when it has ended.
  func send(_ signal: Int32) { kill(id, signal) }

  var ending: Program.Ending { get async throws { try await result.value } }

  /// The process that a wrapper has started and waits for: the program itself.
  func child() async throws -> Int32 {
    var child: Int32?
    try await wait {
      let children = (try? String(contentsOfFile: "/proc/\(id)/task/\(id)/children", encoding: .utf8)) ?? ""
      child = children.split(separator: " ").first.flatMap { Int32($0) }
      return child != nil
    }
    return try #require(child)
  }
}

/// A folder that is gone with its last reference.
final class Scratch: Sendable {
  /// Where the program runs.
  let path: String
  /// Beside it, for what the program must not see.
  let outside: URL

  init() throws {
    outside = FileManager.default.temporaryDirectory.appending(component: "command-\(UUID().uuidString)")
    path = outside.appending(component: "work").path()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: outside)
  }

  func write(_ name: String, _ content: String) throws { try write(name, Data(content.utf8)) }

  func write(_ name: String, _ content: Data) throws { try content.write(to: URL(filePath: path + "/" + name)) }

  /// A list with these projects, as `list.csv`.
  func writeList(_ ids: some Sequence<String>) throws {
    try write("list.csv", "project_id\n" + ids.map { $0 + "\n" }.joined())
  }

  func text(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

  func data(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: path + "/" + name)) }

  func content(_ name: String = ".") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + name).sorted()
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
}

/// Waits until something is so, ten seconds at most.
func wait(
  for condition: () throws -> Bool, limit: Duration = .seconds(10), sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  let end = ContinuousClock.now + limit
  while try !condition() {
    try #require(ContinuousClock.now < end, "It does not come about.", sourceLocation: sourceLocation)
    try await Task.sleep(for: .milliseconds(5))
  }
}
