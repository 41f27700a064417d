import NIOCore

/// The continuous clock, with an event loop's timers to sleep by: one that runs out wakes no thread but the loop's own.
package struct EventLoopClock: Clock {
  package typealias Instant = ContinuousClock.Instant

  let eventLoop: any EventLoop

  package var now: Instant { .now }
  package var minimumResolution: Duration { .nanoseconds(1) }

  /// Throws only when the task is cancelled.
  ///
  /// - Parameter tolerance: not made use of.
  package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    let timer = eventLoop.scheduleTask(in: TimeAmount(max(.zero, now.duration(to: deadline)))) {}
    await withTaskCancellationHandler {
      _ = try? await timer.futureResult.get()
    } onCancel: {
      timer.cancel()
    }
    try Task.checkCancellation()
  }
}
