import InventoryModel
import TestSupport
import Testing
import TextFormats

@testable import Collecting

@Suite("The schedule")
struct ScheduleTests {
  private func schedule(rate: String = "0", projects: Int = 0) throws -> Schedule {
    var schedule = Schedule(rate: try #require(Rate(rate)), burst: 1)
    if projects > 0 { schedule.add(page(1...projects), toBucket: 0) }
    schedule.add([], toBucket: 0)
    return schedule
  }

  private func page(_ lines: ClosedRange<Int>) -> [PendingProject] {
    lines.map { PendingProject(line: $0, projectID: "p\($0)", credential: "default") }
  }

  @Test("starts projects in list order, at the pacer's times, and is finished when they have ended")
  func order() throws {
    var schedule = try schedule(rate: "10/s", projects: 3)
    var works: [Work] = []
    for (line, time) in [(1, 0), (2, 100), (3, 200)] {
      let now = Duration.milliseconds(time)
      if line > 1 {
        guard case .wait(until: now) = schedule.nextStep(at: now - .milliseconds(1)) else {
          Issue.record("It does not wait.")
          return
        }
      }
      works += [schedule.nextStart(at: now)].compactMap { $0 }
    }
    #expect(works.map(\.project.line) == [1, 2, 3])
    guard case .wait(until: nil) = schedule.nextStep(at: .seconds(1)) else {
      Issue.record("It does not wait for the requests in flight.")
      return
    }
    for work in works { schedule.noteFound(work, at: .seconds(1)) }
    guard case .finished = schedule.nextStep(at: .seconds(1)) else {
      Issue.record("Something is left.")
      return
    }
  }

  @Test("starts nothing where it may not")
  func mayNotStart() throws {
    var schedule = try schedule(projects: 1)
    guard case .wait(until: nil) = schedule.next(at: .zero, mayStart: false) else {
      Issue.record("It starts something.")
      return
    }
    #expect(schedule.nextStart(at: .zero)?.project.line == 1)
  }

  @Test("lets other projects go while one waits for its next attempt, and takes it first when its time has come")
  func retry() throws {
    var schedule = try schedule(projects: 3)
    let first = schedule.nextStart(at: .zero)
    schedule.noteFailure(of: try #require(first), wait: .seconds(5), at: .zero)
    #expect(schedule.nextStart(at: .seconds(1))?.project.line == 2)
    #expect(schedule.nextStart(at: .seconds(5))?.project.line == 1)
    #expect(schedule.nextStart(at: .seconds(5))?.project.line == 3)
  }

  @Test("waits until the earliest retry when nothing else is left")
  func waiting() throws {
    var schedule = try schedule(projects: 2)
    for wait in [9, 4] {
      let work = schedule.nextStart(at: .zero)
      schedule.noteFailure(of: try #require(work), wait: .seconds(wait), at: .zero)
    }
    guard case .wait(until: .seconds(4)) = schedule.nextStep(at: .zero) else {
      Issue.record("It does not wait.")
      return
    }
    #expect(schedule.nextStart(at: .seconds(4))?.project.line == 2)
  }

  @Test("asks for a short page first, and for the next before it runs dry, once")
  func fetch() throws {
    var schedule = Schedule(rate: try #require(Rate("0")), burst: 1)
    guard case .fetch(bucket: 0, afterLine: 0, limit: let first) = schedule.next(at: .zero), first <= 50 else {
      Issue.record("It does not ask for the first page.")
      return
    }
    guard case .wait(until: nil) = schedule.next(at: .zero) else {
      Issue.record("It asks for the page twice.")
      return
    }
    schedule.add(page(1...first), toBucket: 0)
    guard case .fetch(bucket: 0, afterLine: first, limit: Schedule.pageSize) = schedule.next(at: .zero) else {
      Issue.record("It does not ask for the second page.")
      return
    }
    schedule.add(page(first + 1...Schedule.pageSize), toBucket: 0)
    var line = 0
    while let work = schedule.nextStart(at: .zero) {
      line += 1
      #expect(work.project.line == line)
      schedule.noteFound(work, at: .zero)
    }
    // The step that was no start was the request for the page after the last line; the rest is still handed out.
    #expect(line > 0 && line < Schedule.pageSize)
    #expect(schedule.nextStart(at: .zero)?.project.line == line + 1)
  }

  @Test("starts projects in list order although a credential's trial holds most of them back at first")
  func heldOrder() throws {
    var schedule = try schedule(rate: "1000/s", projects: 500)
    var lines: [Int] = []
    for milliseconds in 0..<3000 {
      let now = Duration.milliseconds(milliseconds)
      guard let work = schedule.nextStart(at: now) else { continue }
      lines.append(work.project.line)
      // The first answer comes while some of what was released is not started.
      if lines.count == 25 { schedule.noteFound(work, at: now) }
    }
    #expect(lines == Array(1...500))
  }

  @Test("starts no new project while ten thousand wait for their next attempt")
  func bounded() throws {
    var schedule = try schedule(projects: 10_002)
    for _ in 1...10_000 {
      let work = schedule.nextStart(at: .zero)
      schedule.noteFailure(of: try #require(work), wait: .seconds(60), at: .zero)
    }
    guard case .wait(until: .seconds(60)) = schedule.nextStep(at: .zero) else {
      Issue.record("A new project is started.")
      return
    }
  }

  @Test("waits for the report that a request is sent where the pacer does, and starts nothing meanwhile")
  func awaitsSend() throws {
    var schedule = try schedule(rate: "2/s", projects: 10)
    var unsent: SendTimestamp?
    for start in 0..<3 {
      let now = Duration.milliseconds(500 * start)
      while case .awaitSend = schedule.next(at: now, mayStart: false) {}
      guard case .start(let work, let timestamp?) = schedule.next(at: now) else {
        Issue.record("It does not start.")
        return
      }
      if start == 0 { unsent = timestamp } else { timestamp.note(at: now) }
      schedule.noteFound(work, at: now)
    }
    while case .awaitSend(_, .credential) = schedule.next(at: .seconds(2), mayStart: false) {}
    guard case .awaitSend(let awaited, let observer) = schedule.next(at: .seconds(2)), awaited === unsent,
      case .bucket(0) = observer, case .wait(until: nil) = schedule.next(at: .seconds(3))
    else {
      Issue.record("It does not wait for the send.")
      return
    }
    awaited.note(at: .seconds(4))
    schedule.noteSend(awaited, of: observer)
    guard case .wait(until: .milliseconds(5001)) = schedule.nextStep(at: .seconds(4)) else {
      Issue.record("It does not wait for the rest of the window.")
      return
    }
  }

  @Test("hands retries out by time, whatever the order they came in", arguments: [UInt64(1), 2, 3, 4])
  func heap(seed: UInt64) {
    var random = SplitMix(state: seed)
    var queue = RetryQueue()
    let times = (0..<500).map { _ in Duration.milliseconds(Int(random.next() % 1000)) }
    for (index, time) in times.enumerated() { queue.insert(Work(page(index + 1...index + 1)[0]), at: time) }
    var order: [Duration] = []
    while let first = queue.first {
      order.append(first.time)
      _ = queue.removeFirst()
    }
    #expect(order == times.sorted())
  }
}

extension Schedule {
  /// The next step other than the observation of a send, which takes no time here.
  mutating func nextStep(at now: Duration) -> Step {
    while true {
      let step = next(at: now)
      guard case .awaitSend(let timestamp, let observer) = step else { return step }
      timestamp.note(at: now)
      noteSend(timestamp, of: observer)
    }
  }

  /// The work that starts now; nil where none does.
  mutating func nextStart(at now: Duration) -> Work? {
    guard case .start(var work, let timestamp) = nextStep(at: now) else { return nil }
    timestamp?.note(at: now)
    work.attempts += 1
    return work
  }

  mutating func noteFound(_ work: Work, at now: Duration) {
    end(work, Reply(.found), .record(.found), at: now)
  }

  mutating func noteFailure(of work: Work, wait: Duration, at now: Duration) {
    end(work, Reply(.failed(503), retry: .backoff), .again(after: wait), at: now)
  }

  mutating func end(_ work: Work, _ reply: Reply, _ decision: RetryPolicy.Decision, at now: Duration) {
    var work = work
    work.last = Work.LastReply(answer: reply.answer, duration: .zero, time: Timestamp(milliseconds: 0))
    _ = noteEnd(of: work, reply: reply, decision: decision, began: now, at: now)
  }
}
