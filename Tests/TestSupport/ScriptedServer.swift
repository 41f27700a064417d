import Foundation
import Glibc
import Synchronization

/// A server on 127.0.0.1 that does to each connection exactly what a script says, byte for byte.
package final class ScriptedServer: Sendable {
  package enum Step: Sendable {
    /// Reads one request's head.
    case request
    /// Reads one request's head, and goes on with the steps that the path in it calls for.
    case answer(@Sendable (_ path: String) -> [Step])
    /// As `answer`, but by the whole head.
    case answerHead(@Sendable (_ head: String) -> [Step])
    /// Reads whatever comes next.
    case read
    case send(String)
    case bytes([UInt8])
    /// Sends the text again and again until the client goes away.
    case endlessly(String)
    /// Sends one byte, waits, sends the next.
    case slowly(String, every: Duration)
    case wait(Duration)
    /// Says nothing until the client goes away.
    case stall
    case close
    /// Cuts the connection off with a RST.
    case reset
    /// Carries bytes to and from another port of this machine until one side ends.
    case tunnel(port: Int)
    /// Begins with the first step again.
    case again
  }

  /// What came to pass so far.
  package struct Record: Sendable {
    /// Heads of requests, in the order in which they came.
    package var requests: [String] = []
    package var connections = 0
    package var open = 0
    package var peak = 0
    package var bytesSent = 0
  }

  private struct State {
    var record = Record()
    var sockets: Set<Int32> = []
    var isStopped = false
  }

  package let port: Int
  private let listener: Int32
  private let script: @Sendable (Int) -> [Step]
  private let state = Mutex(State())
  private let threads = DispatchGroup()

  /// Serves while the operation runs, then ends every connection and thread.
  ///
  /// - Parameters:
  ///   - steps: for each connection; after the last it is closed.
  ///   - first: for the first connection, where it differs.
  package static func serving<Value>(
    each steps: [Step], first: [Step]? = nil, operation: (ScriptedServer) async throws -> Value
  ) async throws -> Value {
    let server = try ScriptedServer { $0 == 0 ? first ?? steps : steps }
    defer { server.stop() }
    return try await operation(server)
  }

  package static func serving<Value>(
    _ steps: Step..., operation: (ScriptedServer) async throws -> Value
  ) async throws -> Value {
    try await serving(each: steps, operation: operation)
  }

  private init(_ script: @escaping @Sendable (Int) -> [Step]) throws {
    let (listener, port) = try Loopback.listen()
    self.listener = listener
    self.port = port
    self.script = script
    spawn { server in
      while true {
        let client = accept(listener, nil, nil)
        if client >= 0 { server.admit(client) } else if errno != EINTR { return }
      }
    }
  }

  package var record: Record { state.withLock { $0.record } }
  package var baseURL: String { "http://127.0.0.1:\(port)" }

  private func stop() {
    state.withLock { state in
      state.isStopped = true
      for socket in state.sockets { _ = shutdown(socket, Int32(SHUT_RDWR)) }
    }
    _ = shutdown(listener, Int32(SHUT_RDWR))
    precondition(threads.wait(timeout: .now() + 15) == .success, "a thread of the scripted server does not end")
    close(listener)
  }

  private var isStopped: Bool { state.withLock { $0.isStopped } }

  private func spawn(_ work: @escaping @Sendable (ScriptedServer) -> Void) {
    threads.enter()
    Thread { [self] in
      work(self)
      threads.leave()
    }.start()
  }

  private func admit(_ client: Int32) {
    let number: Int? = state.withLock { state in
      guard !state.isStopped else { return nil }
      state.sockets.insert(client)
      state.record.connections += 1
      state.record.open += 1
      state.record.peak = max(state.record.peak, state.record.open)
      return state.record.connections - 1
    }
    guard let number else {
      close(client)
      return
    }
    _ = fcntl(client, F_SETFD, FD_CLOEXEC)
    Loopback.limitWaits(of: client)
    spawn { server in
      server.follow(server.script(number), with: client)
      server.state.withLock { state in
        state.sockets.remove(client)
        state.record.open -= 1
        close(client)
      }
    }
  }

  private func follow(_ steps: [Step], with client: Int32) {
    var index = 0
    while index < steps.count, !isStopped {
      guard perform(steps[index], with: client) else { return }
      index += 1
      if index < steps.count, case .again = steps[index] { index = 0 }
    }
  }

  /// False when the connection is over.
  private func perform(_ step: Step, with client: Int32) -> Bool {
    switch step {
    case .request:
      guard let head = Loopback.readHead(from: client) else { return false }
      state.withLock { $0.record.requests.append(head) }
      return true
    case .answer(let steps):
      let byHead = Step.answerHead { head in
        let words = head.split(separator: " ")
        return steps(words.count > 1 ? String(words[1]) : "")
      }
      return perform(byHead, with: client)
    case .answerHead(let steps):
      guard let head = Loopback.readHead(from: client) else { return false }
      state.withLock { $0.record.requests.append(head) }
      for step in steps(head) {
        guard perform(step, with: client) else { return false }
      }
      return true
    case .read: return Loopback.read(from: client) != nil
    case .send(let text): return send(Array(text.utf8), to: client)
    case .bytes(let bytes): return send(bytes, to: client)
    case .endlessly(let text):
      let bytes = Array(text.utf8)
      while !isStopped, send(bytes, to: client) {}
      return false
    case .slowly(let text, let pause):
      for byte in text.utf8 {
        guard send([byte], to: client) else { return false }
        wait(pause)
      }
      return true
    case .wait(let duration):
      wait(duration)
      return true
    case .stall:
      while Loopback.read(from: client) != nil {}
      return false
    case .close: return false
    case .reset:
      Loopback.resetOnClose(client)
      return false
    case .tunnel(let port):
      Loopback.tunnel(client, toPort: port) { self.isStopped }
      return false
    case .again: return true
    }
  }

  private func send(_ bytes: [UInt8], to client: Int32) -> Bool {
    let sent = Loopback.send(bytes, to: client)
    state.withLock { $0.record.bytesSent += sent }
    return sent == bytes.count
  }

  private func wait(_ duration: Duration) {
    let end = ContinuousClock.now + duration
    while !isStopped, ContinuousClock.now < end { usleep(5000) }
  }
}
