import Foundation
import SandboxGateway
import Testing

extension TheWaits {
  @Suite("One run at a time", .serialized, .timeLimit(.minutes(3)))
  struct LockTests {
    private let program: Program

    init() throws {
      program = try Program()
      try program.folder.writeList((1...100).map { "project-\($0)" })
    }

    private static let slow = ["list.csv", "--sandbox", "--rate", "5", "--max-attempts", "1"]
    private static let quick = ["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1"]

    @Test(
      "a second one in the same folder or on the same database ends with 75, names the holder, and changes nothing",
      arguments: [
        [], ["-o", "./inventory/"], ["-o", "link"], ["--database", "other.db"],
        ["-o", "other", "--database", "inventory/inventory.db"], ["-o", "other", "--database", "link/inventory.db"],
        ["-o", "other", "--database", "link.db"],
      ])
    func second(arguments: [String]) async throws {
      let running = try program.start(Self.slow)
      try await wait { program.folder.exists("inventory/inventory.db-wal") }
      try FileManager.default.createSymbolicLink(
        atPath: program.folder.path + "/link", withDestinationPath: "inventory")
      try FileManager.default.createSymbolicLink(
        atPath: program.folder.path + "/link.db", withDestinationPath: "inventory/inventory.db")
      let begin = ContinuousClock.now
      let ending = try await program.run(Self.quick + arguments)
      #expect(ContinuousClock.now - begin < .seconds(3))
      #expect(ending.status == 75, "\(ending.error)")
      #expect(ending.error.contains("process \(running.id)"))
      #expect(try program.folder.content() == ["inventory", "link", "link.db", "list.csv"])
      running.send(SIGTERM)
      #expect(try await running.ending.signal == SIGTERM)
      try Inventory(in: program.folder).expectBalance(lines: Array(2...101))
      #expect(try Inventory(in: program.folder).query("SELECT count(*) FROM runs") == ["1"])
    }

    @Test("a run that was killed blocks nobody, and leaves no lock behind after the next")
    func stale() async throws {
      let running = try program.start(Self.slow)
      try await wait { program.folder.exists("inventory/inventory.db-wal") }
      #expect(program.folder.exists("inventory/.inventory.lock"))
      running.send(SIGKILL)
      _ = try await running.ending
      #expect(program.folder.exists("inventory/.inventory.lock"))
      let ending = try await program.run(Self.quick)
      #expect([0, 2].contains(ending.status))
      #expect(
        try program.folder.content("inventory") == [
          "inventory.csv", "inventory.db", "inventory.html", "inventory.jsonl", "manifest.json",
        ])
    }

    @Test("runs in other folders go on side by side")
    func apart() async throws {
      let runs = try (1...4).map { try program.start(Self.quick + ["-o", "out-\($0)"]) }
      for run in runs { #expect([0, 2].contains(try await run.ending.status)) }
      for number in 1...4 { try Inventory(in: program.folder, "out-\(number)").expectBalance(lines: Array(2...101)) }
    }

    @Test("of many that begin together, one runs and the others are told")
    func together() async throws {
      let runs = try (1...6).map { _ in try program.start(Self.quick) }
      var statuses: [Int32] = []
      for run in runs { statuses.append(try await run.ending.status) }
      #expect(statuses.allSatisfy { [0, 2, 75].contains($0) })
      #expect(statuses.contains { $0 != 75 })
      let inventory = Inventory(in: program.folder)
      try inventory.expectBalance(lines: Array(2...101))
      #expect(try inventory.query("SELECT count(*) FROM runs WHERE state <> 'finished'") == ["0"])
    }
  }
}
