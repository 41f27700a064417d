import Gateway
import InventoryModel
import NIOCore
import NIOPosix
import NIOSSL
import TextFormats

/// Determines why a server's certificate was refused, which the TLS library doesn't report.
///
/// It starts another handshake, reads the certificate and refuses it, so nothing is sent over that connection.
struct CertificateInspection {
  let eventLoop: any EventLoop
  let tls: TLSConfiguration

  /// - Returns: the fault; nil when the server presents no certificate within the timeout.
  func fault(ofHost host: String, port: Int, timeout: TimeAmount) async -> TransportFailure.TLSFault? {
    guard let context = try? NIOSSLContext(configuration: tls) else { return nil }
    let leaf = eventLoop.makePromise(of: NIOSSLCertificate?.self)
    let deadline = eventLoop.scheduleTask(in: timeout) { leaf.succeed(nil) }
    let connection = ClientBootstrap(group: eventLoop)
      .connectTimeout(timeout)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Self.handler(context: context, host: host, leaf: leaf))
        }
      }
      .connect(host: host, port: port)
    connection.whenComplete { result in
      guard case .success(let channel) = result else { return leaf.succeed(nil) }
      channel.closeFuture.whenComplete { _ in leaf.succeed(nil) }
      leaf.futureResult.whenComplete { _ in channel.close(promise: nil) }
    }
    let certificate = try? await leaf.futureResult.get()
    deadline.cancel()
    return certificate.flatMap { $0 }.map { Self.fault(of: $0, at: .now) }
  }

  private static func handler(
    context: NIOSSLContext, host: String, leaf: EventLoopPromise<NIOSSLCertificate?>
  ) throws -> NIOSSLClientHandler {
    let refusing: NIOSSLCustomVerificationCallback = { certificates, verdict in
      leaf.succeed(certificates.first)
      verdict.succeed(.failed)
    }
    // An IP address is not a valid server name for TLS (RFC 6066 §3).
    let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    return try NIOSSLClientHandler(
      context: context, serverHostname: isAddress ? nil : host, customVerificationCallback: refusing)
  }

  /// The fault of a certificate that is not trusted by any trust root.
  private static func fault(of leaf: NIOSSLCertificate, at time: Timestamp) -> TransportFailure.TLSFault {
    let now = time.milliseconds / 1000
    if now > Int64(leaf.notValidAfter) { return .expired }
    if now < Int64(leaf.notValidBefore) { return .notYetValid }
    return leaf.issuerName == leaf.subjectName ? .selfSigned : .unknownAuthority
  }
}
