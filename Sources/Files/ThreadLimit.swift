#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many threads this process can start: `RLIMIT_NPROC`, which counts all threads of a user, or the limit of a control
/// group.
package enum ThreadLimit {
  /// What a command may need: libdispatch starts one for each core, and waits for ever where it can't; a run on two cores
  /// was seen with 13.
  package static var needed: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) + 14 }

  /// Raises the soft limit to the hard one.
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

  /// Starts threads that wait until the last is there, and ends them: there is no other way to find out.
  ///
  /// - Returns: how many could be started.
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
