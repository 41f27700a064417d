import InventoryModel
import TestSupport
import Testing

@testable import Gateway
@testable import GatewayTransport

extension OverTheWire {
  /// Against a real nginx.
  @Suite("TLS")
  struct TLSTests {
    @Test("works with a private authority's root", arguments: ["localhost", "127.0.0.1"])
    func trusted(host: String) async throws {
      let certificates = try Certificates([.good])
      try await NginxServer.serving(.good, of: certificates) { server in
        let base = "https://\(host):\(server.port)"
        try await withGateway(at: base, timeout: .seconds(5), caFile: certificates.authority) { gateway in
          let reply = await gateway.ask()
          #expect(reply.answer.outcome == .found, "\(reply.answer.error?.message ?? "")")
        }
      }
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
      var testDescription: String
      var kind: Certificates.Kind
      var trustsAuthority = true
      var message: String
    }

    static let refusals = [
      Refusal(
        testDescription: "an unknown authority's", kind: .good, trustsAuthority: false,
        message:
          "The certificate of localhost was issued by an unknown authority; if it is yours, add its root with "
          + "--ca-file."),
      Refusal(testDescription: "an expired one", kind: .expired, message: "The certificate of localhost has expired."),
      Refusal(
        testDescription: "one that is not valid yet", kind: .notYetValid,
        message: "The certificate of localhost is not valid yet; check this machine's clock."),
      Refusal(
        testDescription: "a self-signed one", kind: .selfSigned,
        message: "The certificate of localhost is self-signed; if it is yours, trust it with --ca-file."),
      Refusal(
        testDescription: "another host's", kind: .wrongHost,
        message: "The certificate is for a host other than localhost."),
    ]

    @Test("refuses every bad certificate, says what is wrong with it, and does not ask again", arguments: refusals)
    func refuses(_ refusal: Refusal) async throws {
      let certificates = try Certificates([refusal.kind])
      let caFile = refusal.trustsAuthority ? certificates.authority : nil
      try await NginxServer.serving(refusal.kind, of: certificates) { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(5), caFile: caFile) { gateway in
          let reply = await gateway.ask()
          #expect(reply.answer.outcome == .failed)
          try expectFailure(reply, .tls, retry: .never)
          #expect(reply.answer.error?.message == refusal.message)
        }
      }
    }

    @Test("never sends the key to a server whose certificate it refuses")
    func keyStaysHere() async throws {
      let certificates = try Certificates([.selfSigned])
      let log = certificates.folder.path("access.log")
      try await NginxServer.serving(.selfSigned, of: certificates, directives: "access_log \(log);") { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(5)) { gateway in
          try expectFailure(await gateway.ask(), .tls)
        }
      }
      #expect(try text(of: log).isEmpty)
    }

    @Test("trusts a self-signed certificate that is named")
    func namedSelfSigned() async throws {
      let certificates = try Certificates([.selfSigned])
      let caFile = certificates.folder.path("self-signed.pem")
      try await NginxServer.serving(.selfSigned, of: certificates) { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(5), caFile: caFile) { gateway in
          let reply = await gateway.ask()
          #expect(reply.answer.outcome == .found, "\(reply.answer.error?.message ?? "")")
        }
      }
    }

    private func expectRefused(caFile: String, _ says: String) throws {
      let error = try #require(throws: CAFileError.self) {
        _ = try HTTPTransport(
          .init(base: try BaseURL(BaseURL.documented), connectTimeout: .seconds(1), connections: 1, caFile: caFile))
      }
      #expect("\(error)" == "\(caFile): \(says)")
    }

    @Test("says when the file with further roots is not there", arguments: ["roots.pem", "."])
    func missingFile(name: String) throws {
      let folder = try TemporaryFolder()
      try expectRefused(caFile: folder.path(name), "the CA file (--ca-file) can't be opened")
    }

    @Test(
      "says when the file with further roots holds none", arguments: ["", "no certificate", "-----BEGIN CERTIFICATE"])
    func fileWithoutCertificates(content: String) throws {
      let folder = try TemporaryFolder()
      let path = try folder.write(content, to: "roots.pem")
      try expectRefused(caFile: path, "the CA file (--ca-file) contains no PEM certificate")
    }
  }
}
