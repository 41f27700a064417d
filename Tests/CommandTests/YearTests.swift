import Foundation
import Synchronization
import TestSupport
import Testing

extension TheReports {
  @Suite("A year of monthly runs", .timeLimit(.minutes(3)))
  struct YearTests {
    @Test("tells every change of every month as the gateway's own record has it", arguments: [1, 2, 3] as [UInt64])
    func year(seed: UInt64) async throws {
      var year = try YearReplay(seed: seed, projects: 130)
      try await ScriptedServer.serving(each: year.gateway.script) { server in
        try await year.replay(against: server.baseURL)
      }
      // A year in which little happens proves little.
      let told = year.model.runs.flatMap(\.rows)
      for change in ["new", "added", "unchanged", "changed", "gone", "unknown"] {
        #expect(told.count { $0.change == change } >= 5, "\(change) is rare in the year of seed \(seed)")
      }
      #expect(told.count { $0.change == "unknown" && $0.previous != nil } >= 20)
      let fields = Set(told.flatMap(\.changedFields))
      #expect(fields.isSuperset(of: YearIntegration.changingFields), "seed \(seed) tells only \(fields.sorted())")
      #expect(year.model.runs.map(\.unlisted.count).reduce(0, +) >= 20)
    }

    @Test("tells the same when old runs are deleted in between", arguments: [4, 5] as [UInt64])
    func deleting(seed: UInt64) async throws {
      var year = try YearReplay(seed: seed, projects: 90)
      try await ScriptedServer.serving(each: year.gateway.script) { server in
        try await year.replay(against: server.baseURL, deleting: true)
      }
      #expect(year.there.count <= 7, "no more than \(year.model.runs.count - year.there.count) runs were deleted")
    }
  }
}
