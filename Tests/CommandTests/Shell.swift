import Foundation

/// Other programs that tests use.
enum Shell {
  /// What a command begins with so that signals reach it: it would inherit those that threads of the tests hold back, and
  /// those that the tests ignore, as they do when a shell runs them in the background.
  static let withSignals = [
    "/usr/bin/perl", "-MPOSIX", "-e",
    "$SIG{$_} = 'DEFAULT' for qw(INT TERM HUP QUIT); sigprocmask(SIG_SETMASK, POSIX::SigSet->new); exec @ARGV", "--",
  ]

  /// Runs a program to its end and returns its status.
  @discardableResult
  static func run(_ program: String, _ arguments: [String], in folder: Scratch) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    // Programs that are started in turn see no variable of the tester's.
    process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("JELOU_") }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
