/// The recorded result for a project: the outcome with its integration or its error.
package struct Answer: Hashable, Sendable {
  package var outcome: Outcome
  /// Status of the last response; nil if no response was received.
  package var httpStatus: Int?
  /// Non-nil if and only if the outcome is ``Outcome/found``.
  package var integration: Integration?
  /// nil if and only if the outcome is an answer (``Outcome/isAnswer``).
  package var error: RowError?

  package init(outcome: Outcome, httpStatus: Int? = nil, integration: Integration? = nil, error: RowError? = nil) {
    self.outcome = outcome
    self.httpStatus = httpStatus
    self.integration = integration
    self.error = error
  }
}

/// The result of one attempt: the answer it produces, and whether a retry could change that answer.
package struct Reply: Sendable {
  /// Whether a retry is worthwhile, and when.
  package enum Retry: Hashable, Sendable {
    /// The answer is final.
    case never
    /// Retry after a backoff delay that this program chooses.
    case backoff
    /// Retry after this delay at the earliest (RFC 9110 §10.2.3).
    case after(Duration)
    /// The server closed a kept-alive connection before it read the request. Retry at once on another connection.
    case onFreshConnection
  }

  package var answer: Answer
  package var retry: Retry
  /// Rate information in the response: that the rate is too high, or which rate is allowed. nil if there is none.
  package var throttling: Throttling?

  package init(_ answer: Answer, retry: Retry = .never, throttling: Throttling? = nil) {
    self.answer = answer
    self.retry = retry
    self.throttling = throttling
  }
}

/// Rate limit information from a response. It applies to all requests that share the same rate limit.
package struct Throttling: Hashable, Sendable {
  /// Whether the gateway rejected the request because of the rate limit (429).
  package var isRefusal: Bool
  /// Whether the headers report that a window of the rate limit is used up.
  package var isUsedUp: Bool
  /// Time during which no requests should be sent; nil if the response does not specify it.
  package var pause: Duration?
  /// Allowed requests per second according to the headers; nil if they do not specify a rate.
  package var allowedRate: Double?

  package init(isRefusal: Bool, isUsedUp: Bool = false, pause: Duration? = nil, allowedRate: Double? = nil) {
    self.isRefusal = isRefusal
    self.isUsedUp = isUsedUp
    self.pause = pause
    self.allowedRate = allowedRate
  }
}
