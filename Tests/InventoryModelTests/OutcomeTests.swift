import InventoryModel
import Testing

@Suite("Outcomes")
struct OutcomeTests {
  @Test("The seven outcomes have their names of the contract")
  func names() {
    #expect(
      Outcome.allCases.map(\.rawValue)
        == ["found", "not_found", "unauthorized", "invalid_response", "failed", "invalid_id", "skipped"])
  }

  @Test("Only found and not found are answers")
  func answers() {
    #expect(Outcome.allCases.filter(\.isAnswer) == [.found, .notFound])
  }

  @Test("A status becomes an error code")
  func statusCode() {
    #expect(ErrorCode.http(503).rawValue == "http-503")
  }

  @Test("Counts are 0 until something is counted")
  func noCounts() {
    let counts = OutcomeCounts()
    #expect(Outcome.allCases.allSatisfy { counts[$0] == 0 })
    #expect(counts.total == 0)
    #expect(counts.answered == 0)
  }

  @Test("The total counts every row, the answered only found and not found")
  func counts() {
    var counts = OutcomeCounts()
    for (index, outcome) in Outcome.allCases.enumerated() { counts[outcome] += 1 << index }
    #expect(Outcome.allCases.map { counts[$0] } == [1, 2, 4, 8, 16, 32, 64])
    #expect(counts.total == 127)
    #expect(counts.answered == 3)
  }
}
