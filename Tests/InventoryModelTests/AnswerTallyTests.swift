import InventoryModel
import Testing

@Suite("Counting answers")
struct AnswerTallyTests {
  private func tally(hosts: [String?]) -> AnswerTally {
    var tally = AnswerTally(ofRunEndedAt: nil)
    for (index, host) in hosts.enumerated() {
      tally.note(
        ResultRow(
          line: index + 2, projectID: "p", outcome: .found,
          integration: Integration(webhookURL: "https://h/", webhookHost: host)))
    }
    return tally
  }

  @Test("ranks values by their rows, those of as many in the order of their bytes, none before any")
  func order() throws {
    let ranking = try #require(
      tally(hosts: ["é", "b", nil, "z", "B", "z", "a"]).hosts.ranking(limit: 5))
    #expect(ranking.entries.map(\.value) == ["z", nil, "B", "a", "b"])
    #expect(ranking.entries.map(\.rows) == [2, 1, 1, 1, 1])
    #expect((ranking.otherValues, ranking.otherRows) == (1, 1))
  }

  @Test("gives up on values that are too many to keep", arguments: [(10_000, true), (10_001, false)])
  func limit(values: Int, isRanked: Bool) {
    #expect((tally(hosts: (0..<values).map(String.init)).hosts.ranking(limit: 5) != nil) == isRanked)
  }

  @Test("looks at integrations only where there is one")
  func outcomes() {
    var tally = AnswerTally(ofRunEndedAt: Timestamp(milliseconds: 0))
    tally.note(ResultRow(line: 2, projectID: "a", outcome: .notFound, credential: "second"))
    tally.note(ResultRow(line: 3, projectID: "b", outcome: .failed, credential: "first"))
    tally.note(ResultRow(line: 4, projectID: "c", outcome: .invalidID))
    #expect(tally.outcomes.total == 3)
    #expect(tally.hosts.ranking(limit: 5) == RunOverview.Ranking())
    #expect(tally.ages.isEmpty)
    #expect(tally.credentials == ["first", "second"])
  }
}
