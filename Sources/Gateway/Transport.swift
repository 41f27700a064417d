/// Carries one request to the gateway and brings back what came, whole and bounded, or why nothing did.
///
/// This is the only seam between the program and an HTTP library: no type of the library passes through it.
package protocol Transport: Sendable {
  /// Sends a GET request. Ends within the request's timeout, whatever the server does; the time begins when there is a
  /// connection for it, or one that can be opened.
  func send(_ request: TransportRequest) async -> Result<TransportResponse, TransportFailure>

  /// Closes idle connections and frees what the transport holds; no request may be under way.
  func shutdown() async
}

package struct TransportRequest: Sendable {
  /// Path and query at the gateway, percent-encoded (RFC 9112 §3.2.1).
  package var target: String
  package var headers: [(name: String, value: String)]
  /// For the whole attempt: connection, head and body.
  package var timeout: Duration
  /// Bytes of a body that are kept.
  package var bodyLimit: Int
  /// Whether no connection may be used that has carried a request before.
  package var needsFreshConnection: Bool
  /// Called once the request is handed to the system, on a thread that must not be held up.
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

  /// The first header of this name.
  ///
  /// - Parameter name: in lower case; the response's own case does not matter.
  package func header(_ name: String) -> String? {
    headers.first { Self.isSame($0.name, name) }?.value
  }

  /// Whether a header's name is this one, which is in lower case. Asked of every header of every response, and makes no
  /// text of its own.
  static func isSame(_ name: String, _ lowercased: String) -> Bool {
    name.utf8.count == lowercased.utf8.count
      && zip(name.utf8, lowercased.utf8).allSatisfy { byte, expected in
        byte == expected || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) && byte | 0x20 == expected
      }
  }
}

/// Why no whole response came.
package enum TransportFailure: Error, Hashable, Sendable {
  /// The attempt's time was over; `phase` says what was waited for.
  case timeout(phase: Phase)
  /// No address is known for the host.
  case dns
  case connectionRefused
  /// The server cut the connection off; `beforeResponse` when no head of a response had come.
  case connectionReset(beforeResponse: Bool)
  /// The server ended the connection before the response was whole; `beforeResponse` when no head of it had come.
  case connectionClosed(beforeResponse: Bool)
  case tls(TLSFault)
  /// What the server sent is not HTTP, or breaks its rules.
  case protocolViolation(String)
  /// The proxy refused or broke the tunnel.
  case proxy(String)
  case proxyUnknown(host: String)
  case proxyRefused(host: String, port: Int)
  /// This machine could not make, or use, a socket: the system's error number (`errno`).
  case local(Int32)
  /// The run is ending.
  case cancelled

  package enum Phase: Hashable, Sendable {
    case connection, head, body
  }

  package enum TLSFault: Hashable, Sendable {
    case expired, notYetValid, selfSigned, unknownAuthority, wrongHost
    /// Not trusted, and why is not known.
    case untrusted
    case other(String)
  }
}
