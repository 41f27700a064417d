import Foundation
import Glibc

/// A real nginx on this machine, with TLS and HTTP/2.
struct NginxServer: Sendable {
  let port: Int

  var baseURL: String { "https://localhost:\(port)" }

  /// Serves while the operation runs.
  ///
  /// - Parameters:
  ///   - directives: further ones of its one server.
  ///   - isHTTP2: whether HTTP/2 is offered beside HTTP/1.1.
  static func serving<Value>(
    _ kind: Certificates.Kind, of certificates: Certificates, isHTTP2: Bool = true, directives: String = "",
    operation: (NginxServer) async throws -> Value
  ) async throws -> Value {
    let folder = try TemporaryFolder()
    let server = NginxServer(port: try Loopback.freePort())
    let key = certificates.folder.path(kind.rawValue)
    let configuration = server.configuration(key: key, isHTTP2: isHTTP2, directives: directives)
    let file = try folder.write(configuration, to: "nginx.conf")
    let log = folder.path("nginx.log")
    let process = try ChildProcess("nginx", of: "nginx", ["-e", "stderr", "-p", folder.path, "-c", file], log: log)
    defer { process.stop() }
    try await server.waitUntilReady(log: log)
    return try await operation(server)
  }

  /// - Parameter key: the path of the certificate and of its key, without their extensions.
  private func configuration(key: String, isHTTP2: Bool, directives: String) -> String {
    """
    daemon off;
    master_process off;
    error_log stderr warn;
    pid nginx.pid;
    events { worker_connections 64; }
    http {
      access_log off;
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      server {
        listen 127.0.0.1:\(port) ssl\(isHTTP2 ? " http2" : "");
        ssl_certificate \(key).pem;
        ssl_certificate_key \(key).key;
        default_type application/json;
        \(directives)
        location / {
          return 200 '{"webhookUrl":"https://hooks.acme.example/jelou","protocol":"$server_protocol"}';
        }
      }
    }
    """
  }

  private func waitUntilReady(log: String) async throws {
    for _ in 0..<500 {
      if let socket = try Loopback.connect(toPort: port) {
        close(socket)
        return
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw ProgramFailure(description: "nginx does not start:\n\(try text(of: log))")
  }
}

/// What a program has written.
func text(of file: String) throws -> String {
  String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
}
