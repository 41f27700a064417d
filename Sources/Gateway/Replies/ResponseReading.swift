import FoundationEssentials
import InventoryModel
import TextFormats

/// Maps a response to its project's reply.
struct ResponseReading {
  let response: TransportResponse
  /// Masked in everything that is kept of the response.
  let secrets: SecretMask
  var notFoundBy = NotFoundCriterion.body

  private var status: Int { response.status }

  /// - Parameter now: the time against which the response's dates are evaluated.
  func reply(now: Timestamp = .now) -> Reply {
    var reply = answering(now: now)
    reply.throttling = RateLimitFields.throttling(in: response, now: now)
    guard status == 429 else { return reply }
    // `Retry-After` is about this request, and has precedence.
    let pause =
      RetryAfter.delay(of: response, now: now) ?? reply.throttling?.pause
      ?? RateLimitFields.reset(in: response, now: now)
    var throttling = reply.throttling ?? Throttling(isRefusal: true)
    throttling.isRefusal = true
    throttling.pause = pause
    reply.throttling = throttling
    if let pause { reply.retry = .after(pause) }
    return reply
  }

  private func answering(now: Timestamp) -> Reply {
    switch status {
    case 200: Reply(reading200())
    case 204: Reply(invalid(.emptyBody, "The gateway returned 204 (no content)."))
    case 300...303, 305...399: Reply(invalid(.redirect, redirectMessage))
    case 401, 403:
      Reply(Answer(outcome: .unauthorized, httpStatus: status, error: RowError(.http(status), unauthorizedMessage)))
    case 404: Reply(reading404())
    default:
      // A time to retry implies that the answer may differ then (RFC 9110 §10.2.3; §15.5.14 for 413).
      Reply(
        erring(.failed, fallback: "The gateway returned \(status)."),
        retry: RetryAfter.delay(of: response, now: now).map(Reply.Retry.after)
          ?? (TransientStatus.contains(status) ? .backoff : .never))
    }
  }

  private func reading200() -> Answer {
    guard case .complete(let body) = response.body else {
      let limit = IntegrationGateway.bodyLimit / 1_048_576
      return invalid(.bodyTooLarge, "The response is longer than \(limit) MiB.")
    }
    guard !BodyKind.isBlank(body) else { return invalid(.emptyBody, "The response is empty.") }
    switch IntegrationBody.integration(in: body, masking: secrets) {
    case .success(let integration): return Answer(outcome: .found, httpStatus: status, integration: integration)
    case .failure(.notJSON): return invalid(.notJSON, notJSONMessage(body))
    case .failure(.wrongShape(let what)): return invalid(.wrongShape, what)
    case .failure(.envelopeFailed(let message)):
      return invalid(.envelopeFailed, message ?? "The gateway returned 200, but the response reports a failure.")
    }
  }

  private func reading404() -> Answer {
    if notFoundBy == .body, let objection = NotFoundReading(response: response, secrets: secrets).objection {
      return Answer(outcome: .invalidResponse, httpStatus: status, error: objection)
    }
    return Answer(outcome: .notFound, httpStatus: status)
  }

  private func invalid(_ code: ErrorCode, _ message: String) -> Answer {
    Answer(outcome: .invalidResponse, httpStatus: status, error: RowError(code, message))
  }

  private func erring(_ outcome: Outcome, fallback: String) -> Answer {
    Answer(outcome: outcome, httpStatus: status, error: RowError(.http(status), gatewayMessage ?? fallback))
  }

  /// The message of the gateway's error body.
  private var gatewayMessage: String? {
    guard case .complete(let body) = response.body, !body.isEmpty else { return nil }
    return IntegrationBody.message(in: body, masking: secrets)
  }

  private var unauthorizedMessage: String {
    if let message = gatewayMessage {
      guard let router = RouterMessage.matching(message) else { return message }
      return "\(message) (\(router.sender): also sent for an unknown route; check --base-url)"
    }
    if case .html = BodyKind(of: response, secrets: secrets) {
      return
        "The response is \(status) with an HTML page, which may come from a proxy or a login page, not the gateway."
    }
    return status == 401 ? "The gateway refused the credential." : "The credential has no access to this project."
  }

  private var redirectMessage: String {
    guard let location = response.header("location") else { return "The gateway sent a redirect without a location." }
    let target = Webhook.masked(secrets.masked(location)).clipped(to: 500)
    return "The gateway redirects to \(target); redirects are not followed."
  }

  private func notJSONMessage(_ body: [UInt8]) -> String {
    // Masked as a whole: a secret may contain a semicolon.
    let type = response.header("content-type").map(secrets.masked)?.unicodeScalars.split(separator: ";").first
      .map { String($0).clipped(to: 100) }
    let what = type.map { $0.hasSuffix("json") ? "malformed JSON" : "\($0), not JSON" } ?? "not JSON"
    if let coding = response.header("content-encoding"), coding.lowercased() != "identity" {
      return "The response is compressed, although no compression was requested."
    }
    // The body is not quoted: in damaged JSON, secrets can't be recognized.
    return "The response is \(what) (\(body.count.counted("byte", "bytes")))."
  }
}
