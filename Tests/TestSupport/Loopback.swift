import Glibc

/// A socket could not be made; the number is the system's.
package struct SocketError: Error {
  package var call: String
  package var code = errno
}

/// Sockets of this machine, blocking and by hand.
package enum Loopback {
  /// A listening socket on 127.0.0.1.
  ///
  /// - Parameter port: 0 for one that is free.
  package static func listen(port: Int = 0, backlog: Int32 = 128) throws -> (socket: Int32, port: Int) {
    let socket = try tcpSocket()
    var address = address(port: port)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, length) == 0 && getsockname(socket, address, &length) == 0
      }
    }
    guard bound, Glibc.listen(socket, backlog) == 0 else { throw SocketError(call: "bind") }
    return (socket, Int(UInt16(bigEndian: address.sin_port)))
  }

  /// A port that nobody listens on for the moment, below those that the system gives to whoever asks for any
  /// (`ip_local_port_range`): it stays free while other tests run.
  package static func freePort() throws -> Int {
    for _ in 1..<100 {
      guard let (socket, port) = try? listen(port: .random(in: 20_000..<32_768)) else { continue }
      close(socket)
      return port
    }
    throw SocketError(call: "bind")
  }

  /// A connected socket; nil when nobody listens.
  package static func connect(toPort port: Int) throws -> Int32? {
    let socket = try tcpSocket()
    var address = address(port: port)
    let connected = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        Glibc.connect(socket, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard connected else {
      close(socket)
      return nil
    }
    return socket
  }

  package static func end(_ socket: Int32) { close(socket) }

  /// No call on the socket waits for longer than ten seconds.
  package static func limitWaits(of socket: Int32) {
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
  }

  /// The socket's end will be a RST instead of a FIN.
  package static func resetOnClose(_ socket: Int32) {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
  }

  /// What has arrived; nil at the end or on failure.
  package static func read(from socket: Int32, atMost limit: Int = 16_384) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: limit)
    let count = recv(socket, &buffer, limit, 0)
    return count > 0 ? Array(buffer[..<count]) : nil
  }

  /// Up to the blank line; nil when the connection ends before.
  package static func readHead(from socket: Int32) -> String? {
    var head = ""
    while !head.hasSuffix("\r\n\r\n") {
      guard head.utf8.count < 65_536, let byte = read(from: socket, atMost: 1) else { return nil }
      head += String(decoding: byte, as: UTF8.self)
    }
    return head
  }

  /// How many of the bytes could be sent.
  package static func send(_ bytes: [UInt8], to socket: Int32) -> Int {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { break }
      sent += count
    }
    return sent
  }

  package static func tunnel(_ client: Int32, toPort port: Int, until isOver: () -> Bool) {
    guard let server = try? connect(toPort: port) else { return }
    defer { close(server) }
    var ends = [
      pollfd(fd: client, events: Int16(POLLIN), revents: 0), pollfd(fd: server, events: Int16(POLLIN), revents: 0),
    ]
    while !isOver() {
      guard poll(&ends, 2, 50) >= 0 else { return }
      for (index, other) in [(0, server), (1, client)] where ends[index].revents != 0 {
        guard let bytes = read(from: ends[index].fd), send(bytes, to: other) == bytes.count else { return }
      }
    }
  }

  private static func tcpSocket() throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SocketError(call: "socket") }
    return descriptor
  }

  private static func address(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}
