import Foundation
import TestSupport
import Testing

@testable import Files

@Suite("A lock file")
struct LockFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private var path: String { folder.path("lock") }

  @Test("keeps others out, tells them who holds it, and is gone when it is released")
  func held() throws {
    let lock = try LockFile(path: path, holder: "process 7")
    let error = #expect(throws: LockHeld.self) { _ = try LockFile(path: path, holder: "process 8") }
    #expect(error == LockHeld(path: path, holder: "process 7"))
    lock.release()
    #expect(!FileManager.default.fileExists(atPath: path))
    _ = try LockFile(path: path, holder: "process 8")
  }

  @Test("is released with its last reference")
  func reference() throws {
    _ = try LockFile(path: path, holder: "process 7")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("that a dead process has left holds nobody up, whatever is in it", arguments: ["", "process 1, since ever\n"])
  func stale(content: String) throws {
    try content.write(toFile: path, atomically: false, encoding: .utf8)
    let lock = try LockFile(path: path, holder: "p")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "p\n")
    lock.release()
  }

  @Test("does not follow a link to somebody's file")
  func link() throws {
    let target = folder.path("precious")
    try "precious".write(toFile: target, atomically: false, encoding: .utf8)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    #expect(throws: FileError.self) { _ = try LockFile(path: path, holder: "p") }
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "precious")
  }

  @Test("is held by one of many that want it at once")
  func contention() async throws {
    let path = path
    for _ in 0..<50 {
      let winners = await withTaskGroup(of: LockFile?.self) { group in
        for number in 0..<8 { group.addTask { try? LockFile(path: path, holder: "\(number)") } }
        var locks: [LockFile] = []
        for await lock in group { if let lock { locks.append(lock) } }
        return locks
      }
      #expect(winners.count == 1)
      for winner in winners { winner.release() }
    }
  }
}
