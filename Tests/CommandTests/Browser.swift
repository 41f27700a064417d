import Foundation
import Testing

/// A headless Chromium that looks at a page. What each check looks at is said in Browser/check.py.
enum Browser {
  /// The interpreter that Tests/run.sh makes, with axe-core; Debian's own has the rest.
  private static var python: String {
    let made = Program.root.appending(component: ".build/test-python/bin/python").path()
    return FileManager.default.fileExists(atPath: made) ? made : "/usr/bin/python3"
  }

  /// Runs the check of this name with its arguments in the folder, whose check.log then has what it says.
  static func check(
    _ name: String, _ arguments: [String], in folder: Scratch, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Browser/check.py").path()
    let command = [python, "-B", script, name] + arguments
    let status = try Shell.run(
      "/bin/sh", ["-c", "exec \"$@\" > check.log 2>&1", "sh"] + Shell.withSignals + command, in: folder)
    let log = try folder.text("check.log")
    #expect(status == 0, "check.py \(name): \(log.suffix(1500))", sourceLocation: sourceLocation)
  }
}
