package import InventoryModel

/// Requests one project's integration from the gateway, one attempt at a time.
package struct IntegrationGateway: Sendable {
  /// Bytes of a response body that are read: 1 MiB.
  package static let bodyLimit = 1_048_576

  private let base: BaseURL
  private let credentials: Credentials
  private let transport: any Transport
  private let timeout: Duration
  private let connectTimeout: Duration
  private let notFoundBy: NotFoundCriterion
  private let userAgent: String

  /// - Parameters:
  ///   - timeout: for one whole attempt, head and body.
  ///   - connectTimeout: for connecting alone, used in messages.
  ///   - notFoundBy: what makes a 404 an answer.
  ///   - version: of the program, for the `User-Agent` header.
  package init(
    base: BaseURL, credentials: Credentials, transport: any Transport, timeout: Duration, connectTimeout: Duration,
    notFoundBy: NotFoundCriterion = .body, version: String
  ) {
    self.base = base
    self.credentials = credentials
    self.transport = transport
    self.timeout = timeout
    self.connectTimeout = connectTimeout
    self.notFoundBy = notFoundBy
    userAgent = "jelou-inventory/\(version)"
  }

  /// Makes one request. It never throws: a failure is a reply too.
  ///
  /// - Parameters:
  ///   - onFreshConnection: whether the request needs a new connection.
  ///   - whenSent: called once the request is sent, before any response is read.
  package func ask(
    for project: PendingProject, onFreshConnection: Bool = false, whenSent: (@Sendable () -> Void)? = nil
  ) async -> Reply {
    guard let credential = credentials[project.credential] else {
      return Reply(
        Answer(
          outcome: .skipped, error: RowError(.credentialUnknown, "There is no credential named \(project.credential)."))
      )
    }
    let request = TransportRequest(
      target: base.target(ofProject: project.projectID),
      headers: [("accept", "application/json"), ("user-agent", userAgent), credential.header],
      timeout: timeout, bodyLimit: Self.bodyLimit, needsFreshConnection: onFreshConnection, whenSent: whenSent)
    switch await transport.send(request) {
    case .success(let response):
      return ResponseReading(response: response, secrets: credentials.mask, notFoundBy: notFoundBy).reply()
    case .failure(let failure):
      return FailureReading(base: base, timeout: timeout, connectTimeout: connectTimeout).reply(to: failure)
    }
  }
}
