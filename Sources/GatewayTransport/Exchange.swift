import Gateway
import NIOCore
import NIOHTTP1
import Synchronization

/// One request and what has been received of its response. Confined to the event loop.
final class Exchange {
  /// Identifies an exchange outside the event loop, to cancel it.
  final class Ticket: Sendable {
    private let cancelled = Atomic(false)

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() { cancelled.store(true, ordering: .relaxed) }
  }

  /// The progress of an exchange, to distinguish failures.
  enum Progress {
    case connecting, awaitingHead, receivingBody
  }

  typealias Completion = CheckedContinuation<Result<TransportResponse, TransportFailure>, Never>

  let request: TransportRequest
  let ticket: Ticket
  let began = NIODeadline.now()
  /// The deadline of the attempt.
  private(set) var deadline: NIODeadline
  private(set) var progress = Progress.connecting
  private var head: HTTPResponseHead?
  private var body: [UInt8] = []
  private var completion: Completion?

  init(_ request: TransportRequest, ticket: Ticket, _ completion: Completion) {
    self.request = request
    self.ticket = ticket
    deadline = .now() + TimeAmount(request.timeout)
    self.completion = completion
  }

  /// Restarts the timeout of the attempt. The wait for a connection doesn't count.
  func restartTime() { deadline = .now() + TimeAmount(request.timeout) }

  func requestIsSent() { progress = .awaitingHead }

  func receive(_ head: HTTPResponseHead) {
    progress = .receivingBody
    self.head = head
  }

  /// Appends a part of the body. Returns false when the body exceeds the request's limit.
  func receive(_ part: ByteBuffer) -> Bool {
    guard body.count + part.readableBytes <= request.bodyLimit else { return false }
    if body.isEmpty { body = Array(buffer: part) } else { body.append(contentsOf: part.readableBytesView) }
    return true
  }

  /// Ends the exchange with the complete response.
  func succeed() { finish(.complete(body)) }

  /// Ends the exchange with the response but without its body, which is too large.
  func succeedOverLimit() { finish(.overLimit) }

  private func finish(_ body: TransportResponse.Body) {
    guard let head else { return fail(.protocolViolation("The response has no status line.")) }
    resume(
      .success(
        TransportResponse(status: Int(head.status.code), headers: head.headers.map { ($0.name, $0.value) }, body: body))
    )
  }

  /// Ends the exchange with a failure. Does nothing when the exchange has already ended.
  func fail(_ failure: TransportFailure) { resume(.failure(failure)) }

  /// Ends the exchange with an error of the HTTP library.
  func fail(with error: any Error) { fail(TransportFailure(error, progress: progress)) }

  /// Ends the exchange because its deadline has passed.
  func timeOut() { fail(with: AttemptTimedOut()) }

  private func resume(_ result: Result<TransportResponse, TransportFailure>) {
    completion?.resume(returning: result)
    completion = nil
  }
}

/// The transport's own deadline for an attempt, or for a connection, has passed.
struct AttemptTimedOut: Error {}
