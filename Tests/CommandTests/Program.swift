import Foundation
import Testing

/// The built program, driven as a user's scripts drive it: arguments in, files and an exit code out.
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

  init() throws {
    folder = try Scratch()
  }

  /// Runs to the end, a minute at most.
  func run(_ arguments: [String], input: String? = nil) async throws -> Ending {
    let process = Process()
    process.executableURL = try Self.executable
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = URL(filePath: folder.path)
    let name = UUID().uuidString
    let files = ["in", "out", "err"].map { folder.outside.appending(component: "\(name).\($0)") }
    try Data((input ?? "").utf8).write(to: files[0])
    try Data().write(to: files[1])
    try Data().write(to: files[2])
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    let watchdog = Task {
      try await Task.sleep(for: .seconds(60))
      process.terminate()
    }
    defer { watchdog.cancel() }
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in continuation.resume() }
      do {
        try process.run()
      } catch {
        process.terminationHandler = nil
        continuation.resume(throwing: error)
      }
    }
    return Ending(
      status: process.terminationStatus,
      signal: process.terminationReason == .uncaughtSignal ? process.terminationStatus : nil,
      output: try String(contentsOf: files[1], encoding: .utf8),
      error: try String(contentsOf: files[2], encoding: .utf8))
  }

  /// Beside the bundle of the tests.
  static var executable: URL {
    get throws {
      let bundle = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      let url = bundle.deletingLastPathComponent().appending(component: "jelou-inventory")
      try #require(FileManager.default.isExecutableFile(atPath: url.path()), "The program is not built: \(url.path())")
      return url
    }
  }

  /// The repository.
  static var root: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
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

  func text(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

  func content(_ name: String = ".") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + name).sorted()
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
}
