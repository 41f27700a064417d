/// What is recorded of a project: the outcome with its integration or its error.
package struct Answer: Hashable, Sendable {
  package var outcome: Outcome
  /// Status of the last response; nil when none came.
  package var httpStatus: Int?
  /// Present exactly when the outcome is ``Outcome/found``.
  package var integration: Integration?
  /// Absent exactly when the outcome is an answer.
  package var error: RowError?

  package init(outcome: Outcome, httpStatus: Int? = nil, integration: Integration? = nil, error: RowError? = nil) {
    self.outcome = outcome
    self.httpStatus = httpStatus
    self.integration = integration
    self.error = error
  }
}

/// What one attempt brought: the answer it would leave, and whether asking again could change it.
package struct Reply: Sendable {
  /// Whether another attempt is worth it.
  package enum Retry: Hashable, Sendable {
    /// The gateway has spoken.
    case never
    /// After a wait of our own choosing.
    case backoff
    /// Not before this much time has passed (RFC 9110 §10.2.3).
    case after(Duration)
    /// The server closed a connection it had kept alive before it read the request: ask again at once, on another.
    case onFreshConnection
  }

  package var answer: Answer
  package var retry: Retry
  /// Present when the response says something of the rate: that it is too high, or what is allowed.
  package var throttling: Throttling?

  package init(_ answer: Answer, retry: Retry = .never, throttling: Throttling? = nil) {
    self.answer = answer
    self.retry = retry
    self.throttling = throttling
  }
}

/// What a response says about the rate of all requests that share its budget.
package struct Throttling: Hashable, Sendable {
  /// Whether the request was refused for it (429).
  package var isRefusal: Bool
  /// Whether its headers say that a window of the budget is used up.
  package var isUsedUp: Bool
  /// How long nothing should be asked; nil when that is not said.
  package var pause: Duration?
  /// Requests a second that its headers allow; nil when they don't say.
  package var allowedRate: Double?

  package init(isRefusal: Bool, isUsedUp: Bool = false, pause: Duration? = nil, allowedRate: Double? = nil) {
    self.isRefusal = isRefusal
    self.isUsedUp = isUsedUp
    self.pause = pause
    self.allowedRate = allowedRate
  }
}
