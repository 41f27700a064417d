import Foundation
import SandboxGateway
import Testing

extension TheProgram {
  @Suite("A list that names projects more than once", .timeLimit(.minutes(5)))
  struct RepeatedProjectTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    private func run(_ ids: [String], of program: Program) async throws -> Duration {
      try program.folder.writeList(ids)
      let behavior = SandboxBehavior(others: .flat)
      return try await SandboxServer(behavior: behavior).serving { baseURL in
        let begin = ContinuousClock.now
        let ending = try await program.run(
          ["list.csv", "--base-url", baseURL, "--rate", "0", "--quiet"], limit: .seconds(120))
        #expect(ending.status == 0, "\(ending.error)")
        return ContinuousClock.now - begin
      }
    }

    @Test("takes about as long as one of the same length that does not")
    func time() async throws {
      let other = try Program()
      let distinct = try await run((1...16_000).map { "project-\($0)" }, of: other)
      let repeated = try await run((0..<16_000).map { "project-\($0 % 8000)" }, of: program)
      #expect(repeated < distinct * 1.5 + .seconds(1), "\(repeated) instead of \(distinct)")
      let inventory = Inventory(in: program.folder)
      #expect(try inventory.query("SELECT outcome, count(*), sum(attempts) FROM results") == ["found|16000|16000"])
      #expect(try inventory.query("SELECT requests FROM runs") == ["8000"])
    }

    @Test("keeps every answer as it comes, however many rows take it")
    func killed() async throws {
      let projects = 300
      try program.folder.writeList((0..<projects * 1000).map { "project-\($0 % projects)" })
      let log = SandboxLog()
      try await SandboxServer(behavior: SandboxBehavior(others: .flat), log: log).serving { [program] baseURL in
        let running = try program.start(
          ["list.csv", "--base-url", baseURL, "--rate", "0", "--format", "csv", "--quiet"], limit: .seconds(120))
        try await wait(for: { log.entries.count == projects }, limit: .seconds(60))
        // Much longer than an answer may wait to be kept, and shorter than the rows take to be settled and reported.
        try await Task.sleep(for: .seconds(1))
        running.send(SIGKILL)
        #expect(try await running.ending.signal == SIGKILL)
        let kept = "SELECT count(DISTINCT project_id) FROM results WHERE outcome IS NOT NULL"
        #expect(try Inventory(in: program.folder).queryCopy(kept) == ["\(projects)"])
      }
    }
  }

  @Suite("A list with many credentials", .timeLimit(.minutes(3)))
  struct ManyCredentialsTests {
    private let program: Program

    /// A thousand credentials with a hundred projects each.
    init() throws {
      program = try Program()
      let credentials = 0..<1000
      try program.folder.write(
        "keys.csv", "name,api_key\n" + credentials.map { "c\($0),key-of-\($0)-4711\n" }.joined())
      try program.folder.write(
        "list.csv",
        "project_id,credential\n"
          + credentials.map { name in (0..<100).map { "project-\(name)-\($0),c\(name)\n" }.joined() }.joined())
    }

    private func timeToFirstRequest(_ scope: String) async throws -> Duration {
      let log = SandboxLog()
      return try await SandboxServer(behavior: SandboxBehavior(others: .flat), log: log).serving { baseURL in
        let begin = ContinuousClock.now
        let running = try program.start([
          "list.csv", "--base-url", baseURL, "--credentials", "keys.csv", "--rate-scope", scope, "--rate", "1/s",
          "--output", scope,
        ])
        try await wait(for: { !log.entries.isEmpty }, limit: .seconds(50))
        running.send(SIGKILL)
        _ = try await running.ending
        return try #require(log.entries.first).time - begin
      }
    }

    @Test("is begun about as soon with --rate-scope credential as with one budget for all")
    func start() async throws {
      let all = try await timeToFirstRequest("all")
      let each = try await timeToFirstRequest("credential")
      #expect(each < all * 2 + .seconds(3), "\(each) instead of \(all)")
    }
  }
}
