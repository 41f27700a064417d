#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The number of threads that this process can start.
///
/// The limit is `RLIMIT_NPROC`, which counts all threads of a user, or the limit of a control group.
package enum ThreadLimit {
  /// The number of threads that a command may need.
  ///
  /// libdispatch starts one for each core, and waits forever if it can't. A run on two cores was observed with 13
  /// threads.
  package static var needed: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) + 14 }

  /// Raises the soft limit to the hard limit.
  static func raise() {
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(__RLIMIT_NPROC.rawValue)
    #else
      let resource = RLIMIT_NPROC
    #endif
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(resource, &limit)
  }

  /// Starts threads that wait until the last one has started, then ends them: there is no other way to determine the
  /// limit.
  ///
  /// - Returns: the number of threads that could be started.
  package static func trial(of count: Int) -> Int {
    #if canImport(Darwin)
      return count
    #else
      let gate = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
      defer { gate.deallocate() }
      pthread_mutex_init(gate, nil)
      defer { pthread_mutex_destroy(gate) }
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      defer { pthread_attr_destroy(&attributes) }
      pthread_attr_setstacksize(&attributes, 262_144)
      pthread_mutex_lock(gate)
      var threads: [pthread_t] = []
      while threads.count < count {
        var thread = pthread_t()
        let code = pthread_create(
          &thread, &attributes,
          { gate in
            guard let gate = gate?.assumingMemoryBound(to: pthread_mutex_t.self) else { return nil }
            pthread_mutex_lock(gate)
            pthread_mutex_unlock(gate)
            return nil
          }, gate)
        guard code == 0 else { break }
        threads.append(thread)
      }
      pthread_mutex_unlock(gate)
      for thread in threads { pthread_join(thread, nil) }
      return threads.count
    #endif
  }
}
