import Foundation
import Glibc
import SandboxGateway
import Testing

extension TheReports {
  /// Containers are given single files as mounts, administrators mark files, and links lead anywhere.
  @Suite(
    "Files that can't be replaced", .timeLimit(.minutes(5)),
    .enabled(if: getuid() == 0 && Mount.isPossible, "needs mounts and marks that only root may make"))
  struct UnreplaceableOutputTests {
    private let program: Program
    private let log = SandboxLog()
    private static let found = SandboxReply.enveloped
    private static let projects = (1...25).map { "project-\($0)" }

    init() throws {
      program = try Program()
      try program.folder.writeList(Self.projects)
    }

    /// What stands in the way.
    enum Obstacle: String, CaseIterable, CustomTestStringConvertible {
      case mountedReport = "inventory.csv"
      case mountedManifest = "manifest.json"
      case immutableReport = "inventory.html"
      case appendOnlyReport = "inventory.jsonl"
      case immutableDatabase = "inventory.db"
      case appendOnlyFolder = "inventory"
      case folderAtLog = "inventory.db-wal"
      case folderAtIndex = "inventory.db-shm"
      case linkToLongName = "link of inventory.csv"

      var testDescription: String { "\(self)" }
      /// The file that is named.
      var name: String { self == .linkToLongName ? "inventory.csv" : rawValue }
      /// Whether those who write only reports meet it.
      var isAboutReports: Bool { ![.immutableDatabase, .folderAtLog, .folderAtIndex].contains(self) }
    }

    private func path(_ name: String) -> String { program.folder.path + "/inventory/" + name }

    private func shell(_ command: String, _ arguments: String...) throws {
      try #require(try Shell.run(command, arguments, in: program.folder) == 0, "\(command) \(arguments)")
    }

    /// Puts the obstacle there while the body runs.
    private func with(_ obstacle: Obstacle, _ body: () async throws -> Void) async throws {
      let place = path(obstacle.name)
      switch obstacle {
      case .mountedReport, .mountedManifest:
        try program.folder.write("mounted", "")
        try shell("/usr/bin/mount", "--bind", "mounted", place)
        defer { _ = try? shell("/usr/bin/umount", "-l", place) }
        try await body()
      case .immutableReport, .immutableDatabase:
        try await marked("i", place, body)
      case .appendOnlyReport: try await marked("a", place, body)
      case .appendOnlyFolder: try await marked("a", program.folder.path + "/inventory", body)
      case .folderAtLog, .folderAtIndex:
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        defer { _ = try? FileManager.default.removeItem(atPath: place) }
        try await body()
      case .linkToLongName:
        let target = String(repeating: "n", count: 250)
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: target)
        try await body()
      }
    }

    private func marked(_ mark: String, _ place: String, _ body: () async throws -> Void) async throws {
      try shell("/usr/bin/chattr", "+" + mark, place)
      defer { _ = try? shell("/usr/bin/chattr", "-" + mark, place) }
      try await body()
    }

    @Test(
      "are known before the first request, by every command that would write them: 73", arguments: Obstacle.allCases)
    func known(obstacle: Obstacle) async throws {
      // The second run is held, so that there is one to accept.
      let script = Dictionary(uniqueKeysWithValues: Self.projects.map { ($0, [Self.found, .notFound]) })
      try await SandboxServer(behavior: SandboxBehavior(script: script), log: log).serving { baseURL in
        let run = ["list.csv", "--base-url", baseURL, "--rate", "0"]
        #expect(try await program.run(run).status == 0)
        #expect(try await program.run(run).status == 3)
        try await with(obstacle) {
          let names = try program.folder.content("inventory")
          let manifest = try program.folder.data("inventory/manifest.json")
          let asked = log.entries.count
          var commands = [
            run, ["plan"] + run, ["run"] + run + ["--resume"], ["runs", "--accept", "2", "-o", "inventory"],
          ]
          if obstacle.isAboutReports { commands.append(["report"]) }
          if obstacle == .immutableDatabase { commands.append(["runs", "--keep", "1"]) }
          for command in commands {
            let ending = try await program.run(command)
            #expect(ending.status == 73, "\(command): \(ending.status) \(ending.error)")
            #expect(
              ending.error.contains("inventory/\(obstacle.name)") || obstacle == .appendOnlyFolder, "\(ending.error)")
            #expect(ending.error.contains("can't be written"), "\(ending.error)")
            #expect(try program.folder.content("inventory") == names, "\(command)")
          }
          #expect(log.entries.count == asked)
          #expect(try program.folder.data("inventory/manifest.json") == manifest)
        }
      }
    }

    @Test("too long a name for the files beside a database is known before the first request, too")
    func longNames() async throws {
      try await SandboxServer(behavior: SandboxBehavior(others: Self.found), log: log).serving { baseURL in
        let run = ["list.csv", "--base-url", baseURL, "--rate", "0"]
        let deep = (0..<4).map { _ in String(repeating: "d", count: 120) }.joined(separator: "/")
        for database in [String(repeating: "n", count: 249), deep + "/history.db"] {
          for command in [run, ["plan"] + run] {
            let ending = try await program.run(command + ["--database", database])
            #expect(ending.status == 73, "\(command): \(ending.status) \(ending.error)")
            #expect(ending.error.contains("file name too long"), "\(ending.error)")
          }
        }
        #expect(log.entries.isEmpty)
        #expect(try program.folder.content() == ["list.csv"])
      }
    }

    @Test("merge knows it before it writes anything")
    func merge() async throws {
      try await SandboxServer(behavior: SandboxBehavior(others: Self.found), log: log).serving { baseURL in
        let run = ["list.csv", "--base-url", baseURL, "--rate", "0"]
        #expect(try await program.run(run).status == 0)
        for number in 1...2 {
          #expect(try await program.run(run + ["--shard", "\(number)/2", "-o", "shard-\(number)"]).status == 0)
        }
        try await with(.mountedReport) {
          let before = try program.folder.data("inventory/inventory.db")
          let ending = try await program.run(["merge", "shard-1", "shard-2"])
          #expect(ending.status == 73, "\(ending.error)")
          #expect(ending.error.contains("inventory/inventory.csv") && ending.error.contains("mount point"))
          #expect(try program.folder.data("inventory/inventory.db") == before)
        }
      }
    }
  }
}
