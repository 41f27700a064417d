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

  package init(_ answer: Answer, retry: Retry = .never) {
    self.answer = answer
    self.retry = retry
  }
}
