/// Sends a request to the gateway and returns the complete, size-limited response, or the reason why there is none.
///
/// This is the only interface between the program and an HTTP library: it exposes no type of the library.
package protocol Transport: Sendable {
  /// Sends a GET request.
  ///
  /// It returns within the request's timeout, whatever the server does. The timeout starts when a connection is
  /// available or can be opened.
  func send(_ request: TransportRequest) async -> Result<TransportResponse, TransportFailure>

  /// Closes idle connections and releases the transport's resources. No request may be in flight.
  func shutdown() async
}

package struct TransportRequest: Sendable {
  /// Path and query at the gateway, percent-encoded (RFC 9112 §3.2.1).
  package var target: String
  package var headers: [(name: String, value: String)]
  /// The timeout of the whole attempt: connection, head and body.
  package var timeout: Duration
  /// The maximum size of the body in bytes; the rest is not read.
  package var bodyLimit: Int
  /// Whether the request requires a connection that has not carried another request.
  package var needsFreshConnection: Bool
  /// Called when the operating system has the request, on a thread that must not be blocked.
  package var whenSent: (@Sendable () -> Void)?

  package init(
    target: String, headers: [(name: String, value: String)], timeout: Duration, bodyLimit: Int,
    needsFreshConnection: Bool = false, whenSent: (@Sendable () -> Void)? = nil
  ) {
    self.needsFreshConnection = needsFreshConnection
    self.whenSent = whenSent
    self.target = target
    self.headers = headers
    self.timeout = timeout
    self.bodyLimit = bodyLimit
  }
}

package struct TransportResponse: Sendable {
  package enum Body: Hashable, Sendable {
    case complete([UInt8])
    /// The server sent more than the request's limit; the rest was not read.
    case overLimit
  }

  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: Body

  package init(status: Int, headers: [(name: String, value: String)] = [], body: Body) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The value of the first header with this name.
  ///
  /// - Parameter name: in lowercase; the case in the response doesn't matter.
  package func header(_ name: String) -> String? {
    headers.first { Self.isSame($0.name, name) }?.value
  }

  /// Whether a header's name equals a lowercase name, ignoring case. It is called for every header of every response,
  /// so it creates no string.
  static func isSame(_ name: String, _ lowercased: String) -> Bool {
    name.utf8.count == lowercased.utf8.count
      && zip(name.utf8, lowercased.utf8).allSatisfy { byte, expected in
        byte == expected || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) && byte | 0x20 == expected
      }
  }
}

/// Why no complete response was received.
package enum TransportFailure: Error, Hashable, Sendable {
  /// The attempt timed out; `phase` is the phase that was not complete.
  case timeout(phase: Phase)
  /// The host's address is unknown.
  case dns
  case connectionRefused
  /// The server reset the connection. `beforeResponse` is true when no response head had been received.
  case connectionReset(beforeResponse: Bool)
  /// The server closed the connection before the response was complete. `beforeResponse` is true when no response head
  /// had been received.
  case connectionClosed(beforeResponse: Bool)
  case tls(TLSFault)
  /// The server's response is not HTTP, or violates the protocol.
  case protocolViolation(String)
  /// The proxy refused or broke the tunnel.
  case proxy(String)
  case proxyUnknown(host: String)
  case proxyRefused(host: String, port: Int)
  /// This machine could not create or use a socket; the value is the system's error number (`errno`).
  case local(Int32)
  /// The run is ending.
  case cancelled

  package enum Phase: Hashable, Sendable {
    case connection, head, body
  }

  package enum TLSFault: Hashable, Sendable {
    case expired, notYetValid, selfSigned, unknownAuthority, wrongHost
    /// Not trusted, for an unknown reason.
    case untrusted
    case other(String)
  }
}
