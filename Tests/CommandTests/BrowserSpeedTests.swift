import Testing

extension TheProgram {
  /// How fast the page is in a headless Chromium.
  @Suite("The page's speed", .timeLimit(.minutes(3)))
  struct BrowserSpeedTests {
    @Test("5,000 rows are filtered in under 50 ms")
    func filters() async throws {
      let program = try Program()
      try program.folder.writeList((1...5000).map { "project-\($0)" })
      #expect(try await program.run(["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1"]).status == 2)
      try Browser.check("speed", [program.folder.path + "/inventory/inventory.html", "50"], in: program.folder)
    }
  }
}
