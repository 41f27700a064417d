import Foundation
import Gateway
import Testing

@Suite("Sleeping by an event loop's timers")
struct EventLoopClockTests {
  private let transport: HTTPTransport
  private var clock: EventLoopClock { transport.clock }

  init() throws {
    transport = try HTTPTransport(
      .init(base: try BaseURL("http://127.0.0.1:9/v1"), connectTimeout: .seconds(1), connections: 1))
  }

  @Test("sleeps as long as it is told, on its executor or off", arguments: [true, false])
  func length(isOnExecutor: Bool) async throws {
    try await withTaskExecutorPreference(isOnExecutor ? transport.executors[0] : nil) {
      for _ in 0..<20 {
        let end = clock.now.advanced(by: .milliseconds(3))
        try await clock.sleep(until: end, tolerance: .zero)
        #expect(clock.now >= end)
      }
    }
  }

  @Test("does not sleep until a time that has passed", .timeLimit(.minutes(2)))
  func past() async throws {
    try await clock.sleep(until: clock.now.advanced(by: .seconds(-3600)), tolerance: .zero)
  }

  @Test("wakes when its task is cancelled, also before it has begun to sleep", arguments: [true, false])
  func cancelling(waitsBefore: Bool) async throws {
    let start = clock.now
    let sleeper = Task(executorPreference: transport.executors[0]) {
      try await clock.sleep(until: start.advanced(by: .seconds(3600)), tolerance: .zero)
    }
    if waitsBefore { try await Task.sleep(for: .milliseconds(50)) }
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
    #expect(clock.now - start < .seconds(600))
  }

  @Test("keeps tasks that prefer its executor on one thread, whatever they wait for")
  func executor() async throws {
    let threads = try await withThrowingTaskGroup(of: Set<ObjectIdentifier>.self) { group in
      for _ in 0..<8 {
        group.addTask(executorPreference: transport.executors[0]) {
          var threads: Set<ObjectIdentifier> = []
          for _ in 0..<10 {
            threads.insert(currentThread())
            try await clock.sleep(until: clock.now.advanced(by: .milliseconds(1)), tolerance: .zero)
            threads.insert(currentThread())
            await Task.yield()
          }
          return threads
        }
      }
      return try await group.reduce(into: Set()) { $0.formUnion($1) }
    }
    #expect(threads.count == 1)
  }
}

private func currentThread() -> ObjectIdentifier { ObjectIdentifier(Thread.current) }
