import Gateway
import NIOCore
import NIOHTTP1
import Synchronization

/// One request, and what has come of it so far. Lives on the event loop.
final class Exchange {
  /// Names an exchange from outside of the event loop, to give it up.
  final class Ticket: Sendable {
    private let cancelled = Atomic(false)

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() { cancelled.store(true, ordering: .relaxed) }
  }

  /// How far an exchange has come, to tell failures apart.
  enum Progress {
    case connecting, awaitingHead, receivingBody
  }

  typealias Completion = CheckedContinuation<Result<TransportResponse, TransportFailure>, Never>

  let request: TransportRequest
  let ticket: Ticket
  let began = NIODeadline.now()
  /// When the attempt's time is over.
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

  /// The attempt begins now: its wait for a connection does not count.
  func restartTime() { deadline = .now() + TimeAmount(request.timeout) }

  func requestIsSent() { progress = .awaitingHead }

  func receive(_ head: HTTPResponseHead) {
    progress = .receivingBody
    self.head = head
  }

  /// False when the body has grown past the request's limit.
  func receive(_ part: ByteBuffer) -> Bool {
    guard body.count + part.readableBytes <= request.bodyLimit else { return false }
    if body.isEmpty { body = Array(buffer: part) } else { body.append(contentsOf: part.readableBytesView) }
    return true
  }

  /// The response is whole.
  func succeed() { finish(.complete(body)) }

  /// The response is whole but for its body, which is too large.
  func succeedOverLimit() { finish(.overLimit) }

  private func finish(_ body: TransportResponse.Body) {
    guard let head else { return fail(.protocolViolation("The response has no head.")) }
    resume(
      .success(
        TransportResponse(status: Int(head.status.code), headers: head.headers.map { ($0.name, $0.value) }, body: body))
    )
  }

  /// Does nothing when the exchange has ended already.
  func fail(_ failure: TransportFailure) { resume(.failure(failure)) }

  /// An error of the library's has ended it.
  func fail(with error: any Error) { fail(TransportFailure(error, progress: progress)) }

  /// The attempt's time is over.
  func timeOut() { fail(with: AttemptTimedOut()) }

  private func resume(_ result: Result<TransportResponse, TransportFailure>) {
    completion?.resume(returning: result)
    completion = nil
  }
}

/// Our own deadline for an attempt, or for a connection, has passed.
struct AttemptTimedOut: Error {}
