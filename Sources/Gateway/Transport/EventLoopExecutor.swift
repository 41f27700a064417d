import NIOCore

/// Runs tasks on the event loop that carries their requests: a task that waits for its response goes on where that has
/// come in, and no other thread has to be woken for it.
///
/// A job holds up the loop for as long as it runs, so nothing on it may block.
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
