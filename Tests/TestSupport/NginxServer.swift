import Foundation
import Glibc

/// A real nginx on this machine, as a plain gateway or with TLS and HTTP/2.
package struct NginxServer: Sendable {
  package let port: Int
  private let scheme: String
  /// Where nginx notes requests; see ``accesses()``.
  private let accessLog: String

  package var baseURL: String { "\(scheme)://\(scheme == "https" ? "localhost" : "127.0.0.1"):\(port)" }

  /// One line of the access log for each request, in the order of their ends.
  package func accesses() throws -> [Access] {
    try text(of: accessLog).split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 4, let time = Double(fields[0]), let status = Int(fields[1]) else { return nil }
      return Access(time: time, status: status, path: fields[2], apiKey: fields[3])
    }
  }

  package struct Access: Hashable, Sendable {
    /// Seconds since 1970, to the millisecond.
    package var time: Double
    package var status: Int
    package var path: String
    package var apiKey: String
  }

  /// Serves with TLS while the operation runs.
  ///
  /// - Parameters:
  ///   - directives: further ones of its one server.
  ///   - isHTTP2: whether HTTP/2 is offered beside HTTP/1.1.
  package static func serving<Value>(
    _ kind: Certificates.Kind, of certificates: Certificates, isHTTP2: Bool = true, directives: String = "",
    operation: (NginxServer) async throws -> Value
  ) async throws -> Value {
    let key = certificates.folder.path(kind.rawValue)
    return try await serving(
      scheme: "https",
      server: """
        ssl_certificate \(key).pem;
        ssl_certificate_key \(key).key;
        \(directives)
        location / {
          return 200 '{"webhookUrl":"https://hooks.acme.example/jelou","protocol":"$server_protocol"}';
        }
        """, listen: isHTTP2 ? " ssl http2" : " ssl", operation: operation)
  }

  /// Serves without TLS while the operation runs.
  ///
  /// - Parameters:
  ///   - http: further directives of the `http` block.
  ///   - server: directives of its one server, locations included.
  package static func serving<Value>(
    http: String = "", server: String, operation: (NginxServer) async throws -> Value
  ) async throws -> Value {
    try await serving(scheme: "http", http: http, server: server, operation: operation)
  }

  private static func serving<Value>(
    scheme: String, http: String = "", server directives: String, listen: String = "",
    operation: (NginxServer) async throws -> Value
  ) async throws -> Value {
    let folder = try TemporaryFolder()
    let server = NginxServer(
      port: try Loopback.freePort(), scheme: scheme, accessLog: folder.path("access.log"))
    let configuration = server.configuration(http: http, server: directives, listen: listen)
    let file = try folder.write(configuration, to: "nginx.conf")
    let log = folder.path("nginx.log")
    let process = try ChildProcess("nginx", of: "nginx", ["-e", "stderr", "-p", folder.path, "-c", file], log: log)
    defer { process.stop() }
    try await server.waitUntilReady(log: log)
    return try await operation(server)
  }

  private func configuration(http: String, server: String, listen: String) -> String {
    """
    daemon off;
    master_process off;
    error_log stderr error;
    pid nginx.pid;
    events { worker_connections 256; }
    http {
      log_format fields '$msec\\t$status\\t$request_uri\\t$http_x_api_key';
      access_log access.log fields;
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      default_type application/json;
      \(http)
      server {
        listen 127.0.0.1:\(port)\(listen);
        \(server)
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
package func text(of file: String) throws -> String {
  String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
}
