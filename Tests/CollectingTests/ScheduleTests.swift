import InventoryModel
import TestSupport
import Testing

@testable import Collecting

@Suite("The schedule")
struct ScheduleTests {
  private func schedule(rate: String = "0", projects: Int = 0) throws -> Schedule {
    var schedule = Schedule(rate: try #require(Rate(rate)), burst: 1)
    if projects > 0 { schedule.add(page(1...projects), toLane: 0) }
    schedule.add([], toLane: 0)
    return schedule
  }

  private func page(_ lines: ClosedRange<Int>) -> [PendingProject] {
    lines.map { PendingProject(line: $0, projectID: "p\($0)", credential: "default") }
  }

  private func started(_ step: Schedule.Step) -> (line: Int, time: Duration)? {
    guard case .start(let work, let start, lane: _) = step else { return nil }
    return (work.project.line, start.time)
  }

  @Test("hands projects out in list order, at the pacer's times")
  func order() throws {
    var schedule = try schedule(rate: "10/s", projects: 3)
    let starts = (0..<3).compactMap { _ in started(schedule.next(at: .zero)) }
    #expect(starts.map(\.line) == [1, 2, 3])
    #expect(starts.map(\.time) == [.zero, .milliseconds(100), .milliseconds(200)])
    guard case .finished = schedule.next(at: .zero) else {
      Issue.record("Something is left.")
      return
    }
  }

  @Test("lets other projects go while one waits for its next attempt, and takes it first when its time has come")
  func deferral() throws {
    var schedule = try schedule(projects: 3)
    guard case .start(let first, _, _) = schedule.next(at: .zero) else {
      Issue.record("Nothing starts.")
      return
    }
    schedule.defer(first, lane: 0, until: .seconds(5))
    #expect(started(schedule.next(at: .seconds(1)))?.line == 2)
    #expect(started(schedule.next(at: .seconds(5)))?.line == 1)
    #expect(started(schedule.next(at: .seconds(5)))?.line == 3)
  }

  @Test("waits until the earliest deferred project when nothing else is left")
  func waiting() throws {
    var schedule = try schedule()
    schedule.defer(Work(page(1...1)[0]), lane: 0, until: .seconds(9))
    schedule.defer(Work(page(2...2)[0]), lane: 0, until: .seconds(4))
    guard case .wait(let time) = schedule.next(at: .zero) else {
      Issue.record("It does not wait.")
      return
    }
    #expect(time == .seconds(4))
    #expect(started(schedule.next(at: .seconds(4)))?.line == 2)
  }

  @Test("asks for a short page first, and for the next before it runs dry, once")
  func refill() throws {
    var schedule = Schedule(rate: try #require(Rate("0")), burst: 1)
    guard case .refill(lane: 0, afterLine: 0, limit: let first) = schedule.next(at: .zero), first <= 50 else {
      Issue.record("It does not ask for the first page.")
      return
    }
    guard case .wait = schedule.next(at: .zero) else {
      Issue.record("It asks for the page twice.")
      return
    }
    schedule.add(page(1...first), toLane: 0)
    guard case .refill(lane: 0, afterLine: first, limit: Schedule.pageSize) = schedule.next(at: .zero) else {
      Issue.record("It does not ask for the second page.")
      return
    }
    schedule.add(page(first + 1...Schedule.pageSize), toLane: 0)
    var line = 0
    while case .start(let work, let start, let lane) = schedule.next(at: .zero) {
      line += 1
      #expect(work.project.line == line)
      _ = schedule.confirm(start, of: work, lane: lane, at: .zero)
      _ = schedule.note(Reply(.found), to: work, lane: lane, began: .zero, at: .zero)
    }
    // The step that was no start was the request for the page after the last line; the rest is still handed out.
    #expect(line > 0 && line < Schedule.pageSize)
    #expect(started(schedule.next(at: .zero))?.line == line + 1)
  }

  @Test("hands projects out in list order although a credential's trial holds most of them back at first")
  func heldOrder() throws {
    var schedule = try schedule(rate: "1000/s", projects: 500)
    var lines: [Int] = []
    for milliseconds in 0..<3000 {
      let now = Duration.milliseconds(milliseconds)
      guard case .start(let work, let start, let lane) = schedule.next(at: now) else { continue }
      guard case .go(let departure) = schedule.confirm(start, of: work, lane: lane, at: max(now, start.time)) else {
        Issue.record("It does not go.")
        return
      }
      departure?.note(at: now)
      lines.append(work.project.line)
      // The first answer comes while some of what was let go has not been taken.
      if lines.count == 25 { _ = schedule.note(Reply(.found), to: work, lane: lane, began: now, at: now) }
    }
    #expect(lines == Array(1...500))
  }

  @Test("begins no new project while ten thousand wait for their next attempt")
  func bounded() throws {
    var schedule = try schedule(projects: 1)
    for line in 2...10_001 { schedule.defer(Work(page(line...line)[0]), lane: 0, until: .seconds(60)) }
    guard case .wait(.seconds(60)) = schedule.next(at: .zero) else {
      Issue.record("A new project is begun.")
      return
    }
  }

  @Test("hands deferred projects out by time, whatever the order they came in", arguments: [UInt64(1), 2, 3, 4])
  func heap(seed: UInt64) {
    var random = SplitMix(state: seed)
    var heap = DeferralHeap()
    let times = (0..<500).map { _ in Duration.milliseconds(Int(random.next() % 1000)) }
    for (index, time) in times.enumerated() { heap.insert(Work(page(index + 1...index + 1)[0]), at: time) }
    #expect((0..<500).map { _ in heap.removeFirst().time } == times.sorted())
  }
}
