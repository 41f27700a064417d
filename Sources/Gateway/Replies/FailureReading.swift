import Files
import InventoryModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Maps a failed request to a project's reply.
struct FailureReading {
  let base: BaseURL
  let timeout: Duration
  let connectTimeout: Duration

  func reply(to failure: TransportFailure) -> Reply {
    let (code, message, retry) = reading(of: failure)
    return Reply(Answer(outcome: .failed, error: RowError(code, message)), retry: retry)
  }

  private func reading(of failure: TransportFailure) -> (ErrorCode, String, Reply.Retry) {
    let host = base.host
    switch failure {
    case .timeout(.connection):
      return (
        .timeout, "No connection to \(host) came about within \(seconds(min(timeout, connectTimeout))).", .backoff
      )
    case .timeout(.head): return (.timeout, "\(host) did not answer within \(seconds(timeout)).", .backoff)
    case .timeout(.body): return (.timeout, "\(host) did not finish its answer within \(seconds(timeout)).", .backoff)
    case .dns: return (.dns, "No address is known for \(host).", .backoff)
    case .connectionRefused: return (.connectionRefused, "\(host) port \(base.port) accepts no connection.", .backoff)
    case .connectionReset(beforeResponse: true):
      return (.connectionReset, "\(host) reset the connection without an answer.", .onFreshConnection)
    case .connectionReset(beforeResponse: false):
      return (.connectionReset, "\(host) reset the connection within its answer.", .backoff)
    case .connectionClosed(beforeResponse: true):
      return (.connectionClosed, "\(host) closed the connection without an answer.", .onFreshConnection)
    case .connectionClosed(beforeResponse: false):
      return (.connectionClosed, "\(host) closed the connection within its answer.", .backoff)
    case .tls(let fault): return (.tls, message(for: fault, host: host), .never)
    case .protocolViolation(let reason): return (.protocolError, reason, .backoff)
    case .proxyUnknown(let proxy): return (.dns, "No address is known for the proxy \(proxy).", .backoff)
    case .proxyRefused(let proxy, let port):
      return (.connectionRefused, "The proxy \(proxy) port \(port) accepts no connection.", .backoff)
    case .proxy(let reason): return (.protocolError, reason, .backoff)
    case .local(let code):
      return (.localError, "This machine could not connect to \(host): \(Self.advice(code)).", .backoff)
    case .cancelled: return (.connectionClosed, "The request was given up.", .never)
    }
  }

  /// The system's error message, and what to do where that is known.
  private static func advice(_ errno: Int32) -> String {
    let reason = FileError.reason(errno)
    return switch errno {
    case EMFILE, ENFILE: reason + "; raise the limit (ulimit -n) or lower --concurrency"
    case EADDRNOTAVAIL, ENOBUFS: reason + "; lower --concurrency or --rate"
    case EACCES, EPERM: reason + "; check the firewall and the sandbox that this program runs in"
    default: reason
    }
  }

  private func message(for fault: TransportFailure.TLSFault, host: String) -> String {
    switch fault {
    case .expired: "The certificate of \(host) has expired."
    case .notYetValid: "The certificate of \(host) is not valid yet; check this machine's clock."
    case .selfSigned: "The certificate of \(host) is self-signed; trust it with --ca-file if it is yours."
    case .unknownAuthority:
      "The certificate of \(host) is from an authority unknown here; name its root with --ca-file if it is yours."
    case .untrusted:
      "The certificate of \(host) is not trusted here; name its root with --ca-file if it is yours."
    case .wrongHost: "The certificate is for another host than \(host)."
    case .other(let reason): reason
    }
  }

  private func seconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = attoseconds / 1_000_000_000_000_000
    return milliseconds == 0 ? "\(seconds) s" : "\(Double(seconds) + Double(milliseconds) / 1000) s"
  }
}
