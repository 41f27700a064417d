import Gateway
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension TransportFailure {
  /// Maps an error of the HTTP library. The error's own text is never used, because it may contain header values.
  init(_ error: any Error, progress: Exchange.Progress) {
    switch error {
    case is AttemptTimedOut: self = .timeout(phase: Phase(progress))
    case let error as NIOHTTP1ProxyConnectHandler.Error: self.init(error)
    case let error as NIOConnectionError: self.init(error)
    case let error as IOError: self.init(errno: error.errnoCode, progress: progress)
    case let error as ChannelError: self.init(error, progress: progress)
    case HTTPParserError.invalidEOFState: self = .connectionClosed(beforeResponse: progress != .receivingBody)
    case is HTTPParserError, is NIOHTTPDecoderError: self = .protocolViolation("The response is not HTTP.")
    case let error as NIOSSLError where error.isClosing:
      self = .connectionClosed(beforeResponse: progress != .receivingBody)
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .tls(TLSFault(error))
    case is CancellationError: self = .cancelled
    default: self.init(unknown: error, progress: progress)
    }
  }

  private init(_ error: NIOHTTP1ProxyConnectHandler.Error) {
    switch error {
    case .proxyAuthenticationRequired():
      self = .proxy("The proxy requires a user name and password; add them to the proxy's URL.")
    case .httpProxyHandshakeTimeout(): self = .timeout(phase: .connection)
    default: self = .proxy("The proxy did not open a tunnel to the gateway.")
    }
  }

  private init(_ error: NIOConnectionError) {
    // One failure for each address of the host that was tried.
    let failures = error.connectionErrors.compactMap { ($0.error as? IOError)?.errnoCode }
      .map { TransportFailure(errno: $0, progress: .connecting) }
    if let failure = failures.first(where: { $0.localShortage != nil }) ?? failures.first(where: { !$0.isLocal })
      ?? failures.first
    {
      // Only one address may be affected, e.g. an IPv6 address on a machine that has only IPv4.
      let isOfOneAddress = failure.localShortage == EADDRNOTAVAIL
      self = isOfOneAddress ? failures.first { !$0.isLocal } ?? failure : failure
    } else if error.connectionErrors.contains(where: { ($0.error as? ChannelError)?.isConnectTimeout == true }) {
      self = .timeout(phase: .connection)
    } else {
      self = Self.failedLookup
    }
  }

  /// The failure of a name lookup. The lookup doesn't report whether it failed for lack of a file descriptor, so check.
  private static var failedLookup: TransportFailure { ResourceShortage.ofFiles.map(TransportFailure.local) ?? .dns }

  private init(_ error: ChannelError, progress: Exchange.Progress) {
    if error.isConnectTimeout {
      self = .timeout(phase: .connection)
    } else {
      self = .connectionClosed(beforeResponse: progress != .receivingBody)
    }
  }

  /// Maps the error of a system call on a socket.
  ///
  /// Only errors that the network or the peer causes count as the gateway's. All others, such as too many open files or
  /// a missing permission, are local to this machine.
  private init(errno code: Int32, progress: Exchange.Progress) {
    switch code {
    case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN: self = .connectionRefused
    case ECONNRESET: self = .connectionReset(beforeResponse: progress != .receivingBody)
    case ETIMEDOUT: self = .timeout(phase: Phase(progress))
    case EPIPE, ECONNABORTED, ENOTCONN, ESHUTDOWN: self = .connectionClosed(beforeResponse: progress != .receivingBody)
    default: self = .local(code)
    }
  }

  private init(unknown error: any Error, progress: Exchange.Progress) {
    let type = String(reflecting: type(of: error))
    if type.contains("SocketAddressError") {
      self = Self.failedLookup
    } else {
      self = .protocolViolation("The HTTP exchange failed (\(type)).")
    }
  }
}

extension TransportFailure {
  fileprivate var isLocal: Bool {
    if case .local = self { true } else { false }
  }

  /// The error number (`errno`) when this machine lacked a resource for another connection; see ``ResourceShortage``.
  /// nil for other failures.
  var localShortage: Int32? {
    if case .local(let code) = self, ResourceShortage.isMeant(by: code) { code } else { nil }
  }
}

extension TransportFailure.Phase {
  fileprivate init(_ progress: Exchange.Progress) {
    switch progress {
    case .connecting: self = .connection
    case .awaitingHead: self = .head
    case .receivingBody: self = .body
    }
  }
}

extension TransportFailure.TLSFault {
  /// Maps a TLS error. BoringSSL reports a refused certificate only in the text of its error, and never the reason.
  fileprivate init(_ error: any Error) {
    if let extra = error as? NIOSSLExtraError, extra == .failedToValidateHostname {
      self = .wrongHost
    } else if String(describing: error).contains("CERTIFICATE_VERIFY_FAILED") {
      self = .untrusted
    } else {
      self = .other("The TLS handshake failed.")
    }
  }
}

extension NIOSSLError {
  /// Whether the connection ended without a TLS closure alert: a network failure, not a trust failure.
  fileprivate var isClosing: Bool {
    switch self {
    case .uncleanShutdown: true
    case .handshakeFailed(.sslError(let causes)): causes.contains(.eofDuringHandshake)
    default: false
    }
  }
}

extension ChannelError {
  fileprivate var isConnectTimeout: Bool {
    if case .connectTimeout = self { true } else { false }
  }
}
