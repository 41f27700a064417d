import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Puts a response together, up to its body's limit.
final class ResponseCollector: HTTPClientResponseDelegate {
  /// How far an exchange has come, to tell failures apart.
  enum Progress {
    case connecting, awaitingHead, receivingBody
  }

  private struct State {
    var progress = Progress.connecting
    var head: HTTPResponseHead?
    var body: [UInt8] = []
  }

  private let bodyLimit: Int
  private let state = Mutex(State())

  init(bodyLimit: Int) {
    self.bodyLimit = bodyLimit
  }

  var progress: Progress { state.withLock { $0.progress } }

  /// The response without its body, for a body that was too large.
  var overLimitResponse: TransportResponse? {
    state.withLock { state in state.head.map { TransportResponse($0, body: .overLimit) } }
  }

  func didSendRequest(task: HTTPClient.Task<TransportResponse>) {
    state.withLock { state in
      if state.progress == .connecting { state.progress = .awaitingHead }
    }
  }

  func didReceiveHead(task: HTTPClient.Task<TransportResponse>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
    state.withLock { state in
      state.progress = .receivingBody
      state.head = head
    }
    return task.eventLoop.makeSucceededVoidFuture()
  }

  func didReceiveBodyPart(task: HTTPClient.Task<TransportResponse>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
    let fits = state.withLock { state in
      guard state.body.count + part.readableBytes <= bodyLimit else { return false }
      state.body.append(contentsOf: part.readableBytesView)
      return true
    }
    return fits
      ? task.eventLoop.makeSucceededVoidFuture() : task.eventLoop.makeFailedFuture(BodyOverLimit())
  }

  func didFinishRequest(task: HTTPClient.Task<TransportResponse>) throws -> TransportResponse {
    try state.withLock { state in
      guard let head = state.head else { throw HTTPClientError.remoteConnectionClosed }
      return TransportResponse(head, body: .complete(state.body))
    }
  }
}

extension TransportResponse {
  fileprivate init(_ head: HTTPResponseHead, body: Body) {
    self.init(status: Int(head.status.code), headers: head.headers.map { ($0.name, $0.value) }, body: body)
  }
}
