import Foundation
import Testing

/// Another program that has a database open: the shell of SQLite, run by the same user, which is told what to do while a
/// test goes on.
final class DatabaseHolder {
  private let process = Process()
  private let input = Pipe()

  /// Returns once the statements are done.
  ///
  /// - Parameters:
  ///   - sql: what takes the lock.
  ///   - database: in the folder.
  init(_ sql: String, _ database: String, in folder: Scratch) throws {
    let command = Shell.withSignals + (try OrdinaryUser.command) + ["/usr/bin/sqlite3", "-batch", database]
    let output = Pipe()
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try OrdinaryUser.own(folder.path)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(".timeout 10000\n\(sql);\nSELECT 'held';\n".utf8))
    var words = ""
    while !words.contains("held") {
      let data = output.fileHandleForReading.availableData
      try #require(!data.isEmpty, "The shell of SQLite has ended.")
      words += String(decoding: data, as: UTF8.self)
    }
  }

  /// Ends the program, and with it whatever it had begun.
  func letGo() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// Lets go after a time, in which the caller does something else.
  func letGo(after time: Duration) -> Task<ContinuousClock.Instant, any Error> {
    Task { [input] in
      try await Task.sleep(for: time)
      try input.fileHandleForWriting.close()
      return .now
    }
  }

  deinit {
    try? input.fileHandleForWriting.close()
  }
}
