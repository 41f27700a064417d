import NIOCore

/// Runs tasks on the event loop that handles their requests.
///
/// A task that waits for its response resumes on the thread that received it, so no other thread has to be woken. A job
/// occupies the loop while it runs, so it must not block.
final class EventLoopExecutor: TaskExecutor {
  let eventLoop: any EventLoop

  init(_ eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedTaskExecutor()
    eventLoop.execute { job.runSynchronously(on: executor) }
  }
}

/// A monotonic clock whose timers run on an event loop, so that no other thread has to wake the loop.
package struct EventLoopClock: Clock {
  package typealias Instant = ContinuousClock.Instant

  private let eventLoop: any EventLoop

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  package var now: Instant { ContinuousClock.now }
  package var minimumResolution: Duration { ContinuousClock().minimumResolution }

  package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let timer = eventLoop.scheduleTask(in: TimeAmount(now.duration(to: deadline))) {}
    try await withTaskCancellationHandler {
      try await timer.futureResult.get()
    } onCancel: {
      timer.cancel()
    }
  }
}
