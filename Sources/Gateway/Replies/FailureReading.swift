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
        .timeout, "The connection to \(host) timed out after \(seconds(min(timeout, connectTimeout))).", .backoff
      )
    case .timeout(.head): return (.timeout, "\(host) did not respond within \(seconds(timeout)).", .backoff)
    case .timeout(.body): return (.timeout, "\(host) did not finish its response within \(seconds(timeout)).", .backoff)
    case .dns: return (.dns, "The host name \(host) can't be resolved.", .backoff)
    case .connectionRefused:
      return (.connectionRefused, "\(host) refused the connection on port \(base.port).", .backoff)
    case .connectionReset(beforeResponse: true):
      return (.connectionReset, "\(host) reset the connection before responding.", .onFreshConnection)
    case .connectionReset(beforeResponse: false):
      return (.connectionReset, "\(host) reset the connection during its response.", .backoff)
    case .connectionClosed(beforeResponse: true):
      return (.connectionClosed, "\(host) closed the connection before responding.", .onFreshConnection)
    case .connectionClosed(beforeResponse: false):
      return (.connectionClosed, "\(host) closed the connection during its response.", .backoff)
    case .tls(let fault): return (.tls, message(for: fault, host: host), .never)
    case .protocolViolation(let reason): return (.protocolError, reason, .backoff)
    case .proxyUnknown(let proxy): return (.dns, "The host name of the proxy \(proxy) can't be resolved.", .backoff)
    case .proxyRefused(let proxy, let port):
      return (.connectionRefused, "The proxy \(proxy) refused the connection on port \(port).", .backoff)
    case .proxy(let reason): return (.protocolError, reason, .backoff)
    case .local(let code):
      return (.localError, "This machine could not connect to \(host): \(Self.advice(code)).", .backoff)
    case .cancelled: return (.connectionClosed, "The request was canceled.", .never)
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
    case .selfSigned: "The certificate of \(host) is self-signed; if it is yours, trust it with --ca-file."
    case .unknownAuthority:
      "The certificate of \(host) was issued by an unknown authority; if it is yours, add its root with --ca-file."
    case .untrusted:
      "The certificate of \(host) is not trusted; if it is yours, add its root with --ca-file."
    case .wrongHost: "The certificate is for a host other than \(host)."
    case .other(let reason): reason
    }
  }

  private func seconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = attoseconds / 1_000_000_000_000_000
    return milliseconds == 0 ? "\(seconds) s" : "\(Double(seconds) + Double(milliseconds) / 1000) s"
  }
}
