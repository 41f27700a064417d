import TextFormats

/// Why a row has no answer, as a stable code for programs. ``RowError/message`` is the text for people.
package struct ErrorCode: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// `http-NNN`, for a response whose status itself is the error.
  package static func http(_ status: Int) -> ErrorCode { ErrorCode(rawValue: "http-\(status)") }

  // `invalid_response`
  package static let notJSON = ErrorCode(rawValue: "not-json")
  package static let wrongShape = ErrorCode(rawValue: "wrong-shape")
  package static let envelopeFailed = ErrorCode(rawValue: "envelope-failed")
  package static let emptyBody = ErrorCode(rawValue: "empty-body")
  package static let bodyTooLarge = ErrorCode(rawValue: "body-too-large")
  package static let redirect = ErrorCode(rawValue: "redirect")
  /// A 404 that does not come from the gateway itself.
  package static let notTheGateway = ErrorCode(rawValue: "not-the-gateway")

  // `failed`
  package static let timeout = ErrorCode(rawValue: "timeout")
  package static let dns = ErrorCode(rawValue: "dns")
  package static let connectionRefused = ErrorCode(rawValue: "connection-refused")
  package static let connectionReset = ErrorCode(rawValue: "connection-reset")
  package static let connectionClosed = ErrorCode(rawValue: "connection-closed")
  package static let tls = ErrorCode(rawValue: "tls")
  package static let protocolError = ErrorCode(rawValue: "protocol")
  package static let retryAfterTooLong = ErrorCode(rawValue: "retry-after-too-long")
  /// A fault on this machine, not in the gateway or the network.
  package static let localError = ErrorCode(rawValue: "local-error")

  // `skipped`
  package static let interrupted = ErrorCode(rawValue: "interrupted")
  package static let outOfTime = ErrorCode(rawValue: "out-of-time")
  package static let gatewayUnreachable = ErrorCode(rawValue: "gateway-unreachable")
  package static let credentialRefused = ErrorCode(rawValue: "credential-refused")
  package static let credentialUnknown = ErrorCode(rawValue: "credential-unknown")

  /// The `skipped` codes that leave a row open: a resumed run requests it.
  package static let open: [ErrorCode] = [interrupted, outOfTime, gatewayUnreachable]

  // `invalid_id`
  package static let emptyID = ErrorCode(rawValue: "empty-id")
  package static let idTooLong = ErrorCode(rawValue: "id-too-long")
  package static let idControlCharacter = ErrorCode(rawValue: "id-control-character")
  package static let idDotSegment = ErrorCode(rawValue: "id-dot-segment")
}

/// Why a row has no answer: a code for programs and a sentence for people.
package struct RowError: Hashable, Sendable {
  package var code: ErrorCode
  package var message: String

  /// - Parameter message: A sentence, which is cut to ``ValueLimit/messageLength`` because it may quote texts of any
  ///   length.
  package init(_ code: ErrorCode, _ message: String) {
    self.code = code
    self.message = message.clipped(to: ValueLimit.messageLength)
  }

  /// The row names no credential, and there is no credential for such rows.
  package static let noCredential = RowError(
    .credentialUnknown, "The row names no credential, and there is no key for all projects.")
}
