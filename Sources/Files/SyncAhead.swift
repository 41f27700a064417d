import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Makes what a file has so far durable while more is written to it, so that little is left for the sync at its end: a
/// disk takes its time for every byte since the last sync, even for those it has, and needs no processor for it.
final class SyncAhead: Sendable {
  private struct State {
    var isUnderWay = false
    /// Of the first sync that failed. The system tells a failure once, and the next sync would succeed.
    var failure: Int32?
  }

  private let queue = DispatchQueue(label: "sync ahead")
  private let state = Mutex(State())

  /// Begins a sync, and returns whether: not while one is under way.
  ///
  /// - Parameter descriptor: stays open until ``end()`` has returned.
  func begin(_ descriptor: Int32) -> Bool {
    let mayBegin = state.withLock { state in
      defer { state.isUnderWay = true }
      return !state.isUnderWay
    }
    if mayBegin { sync { Self.syncData(descriptor) } }
    return mayBegin
  }

  /// Begins the last sync, also while another is under way.
  ///
  /// - Parameter descriptor: as of ``begin(_:)``.
  func beginLast(_ descriptor: Int32) { sync { fsync(descriptor) } }

  private func sync(_ call: @escaping @Sendable () -> Int32) {
    queue.async { [self] in
      let failure = Self.failure(ofSync: call())
      state.withLock { state in
        state.isUnderWay = false
        state.failure = state.failure ?? failure
      }
    }
  }

  /// The `errno` of a sync that has just failed; nil where it has not, and where there is no disk that could be synced.
  private static func failure(ofSync result: Int32) -> Int32? {
    let code = errno
    return result == 0 || isUnsupported(code) ? nil : code
  }

  /// Whether a failed sync only says that this file system, or this kind of file, knows none: nothing was lost then.
  static func isUnsupported(_ code: Int32) -> Bool { [EINVAL, EROFS, EOPNOTSUPP, ENOTSUP, ENOSYS].contains(code) }

  private static func syncData(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
      fsync(descriptor)
    #else
      fdatasync(descriptor)
    #endif
  }

  /// Waits for the syncs that are under way, and returns the `errno` of the first that failed.
  func end() -> Int32? {
    queue.sync {}
    return state.withLock { $0.failure }
  }
}
