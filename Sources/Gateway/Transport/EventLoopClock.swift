import NIOCore
import NIOPosix

/// The continuous clock, with an event loop's timers to sleep by: one that runs out wakes no thread but the loop's own.
/// What runs on a loop sleeps by that.
package struct EventLoopClock: Clock {
  package typealias Instant = ContinuousClock.Instant

  /// For those that run on none.
  let eventLoop: any EventLoop

  package var now: Instant { .now }
  package var minimumResolution: Duration { .nanoseconds(1) }

  /// Throws only when the task is cancelled.
  ///
  /// - Parameter tolerance: not made use of.
  package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    let loop: any EventLoop = MultiThreadedEventLoopGroup.currentEventLoop ?? eventLoop
    let timer = loop.scheduleTask(in: TimeAmount(max(.zero, now.duration(to: deadline)))) {}
    await withTaskCancellationHandler {
      _ = try? await timer.futureResult.get()
    } onCancel: {
      timer.cancel()
    }
    try Task.checkCancellation()
  }
}
