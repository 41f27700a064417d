import Foundation
import Testing

@Suite("Driving the program", .timeLimit(.minutes(1)))
struct ProgramTests {
  // Beyond some 1,350 open files, which the tests of one stage would come to, starting another program can crash: it
  // reads past the end of the list of these files (mended by pull request 5472 of swift-corelibs-foundation, which Swift 6.3.1
  // is without).
  @Test("leaves none of its files open here")
  func files() async throws {
    let program = try Program()
    #expect(try await program.run(["--version"]).status == 0)
    let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    let open = descriptors.compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
    }
    #expect(!open.isEmpty)
    #expect(!open.contains { $0.contains(program.folder.outside.lastPathComponent) })
  }
}
