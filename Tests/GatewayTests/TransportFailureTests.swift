import InventoryModel
import NIOSSL
import Testing

@testable import Gateway
@testable import GatewayTransport

@Suite("A library's error")
struct TransportFailureTests {
  @Test("of a connection that TLS did not end is one of the wire, not of trust")
  func uncleanShutdown() {
    let unclean = NIOSSLError.uncleanShutdown
    #expect(TransportFailure(unclean, progress: .receivingBody) == .connectionClosed(beforeResponse: false))
    #expect(TransportFailure(unclean, progress: .awaitingHead) == .connectionClosed(beforeResponse: true))
    let handshake = NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake]))
    #expect(TransportFailure(handshake, progress: .connecting) == .connectionClosed(beforeResponse: true))
  }

  @Test("that nobody knows never passes its own text on")
  func unknown() {
    struct Leak: Error, CustomStringConvertible {
      var description: String { "x-api-key: \(Canary.key)" }
    }
    let failure = TransportFailure(Leak(), progress: .awaitingHead)
    guard case .protocolViolation(let reason) = failure else {
      Issue.record("\(failure)")
      return
    }
    #expect(!reason.contains("CANARY"))
  }

  @Test("of a cancelled task is a cancellation")
  func cancellation() {
    #expect(TransportFailure(CancellationError(), progress: .awaitingHead) == .cancelled)
  }

  @Test("of the run's own deadline says what was waited for")
  func deadline() {
    #expect(TransportFailure(AttemptTimedOut(), progress: .connecting) == .timeout(phase: .connection))
    #expect(TransportFailure(AttemptTimedOut(), progress: .awaitingHead) == .timeout(phase: .head))
    #expect(TransportFailure(AttemptTimedOut(), progress: .receivingBody) == .timeout(phase: .body))
  }
}
