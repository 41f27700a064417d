import Testing

extension TheProgram {
  @Suite("The sandbox's rate limit", .timeLimit(.minutes(3)))
  struct SandboxRateLimitTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    @Test("is refused by nobody in a rehearsal without one, though every other answer there is comes about")
    func withoutLimit() async throws {
      try program.folder.writeList((1...3000).map { "project-\($0)" })
      let ending = try await program.run(["list.csv", "--sandbox", "--rate", "0", "--concurrency", "64"])
      #expect(ending.status == 2, "\(ending.error)")
      #expect(!ending.error.contains("limited the rate"))
      let inventory = Inventory(in: program.folder)
      #expect(try inventory.query("SELECT count(*) FROM results WHERE error_code = 'http-429'") == ["0"])
    }

    @Test("is kept by a run, whose every row is answered")
    func limited() async throws {
      try program.folder.writeList((1...200).map { "project-\($0)" })
      let begin = ContinuousClock.now
      let ending = try await program.run([
        "list.csv", "--sandbox", "--sandbox-rate-limit", "50/s", "--rate", "0",
      ])
      #expect(ContinuousClock.now - begin > .seconds(2.5))
      #expect(ending.error.contains("; the gateway limited the rate for "), "\(ending.error)")
      let inventory = Inventory(in: program.folder)
      #expect(try inventory.query("SELECT count(*) FROM results WHERE error_code = 'http-429'") == ["0"])
    }

    @Test("needs the sandbox (64), and is no rate of another form")
    func usage() async throws {
      try program.folder.writeList(["project-1"])
      for arguments in [
        ["--sandbox-rate-limit", "5/s"], ["--sandbox", "--sandbox-rate-limit", "many"],
        ["--base-url", "http://127.0.0.1:1/", "--sandbox-rate-limit", "5/m"],
      ] {
        #expect(try await program.run(["list.csv"] + arguments).status == 64)
      }
    }
  }
}
