/// One response of the sandbox.
package enum SandboxReply: Hashable, Sendable {
  /// 200 with the integration in an envelope.
  case enveloped
  /// 200 with the flat integration.
  case flat
  /// 200 with an envelope that reports a failure.
  case envelopeFailed
  /// 200 with an HTML page instead of data.
  case htmlPage
  case notFound
  case forbidden
  case redirect
  case internalError
  /// 429 with `Retry-After` in seconds; nil for no such header.
  case tooManyRequests(retryAfter: Int?)
  /// Any status with any body.
  case custom(status: Int, headers: [String: String] = [:], body: String = "")
}

/// Determines the sandbox's responses. For a given seed, a project ID always gets the same sequence of responses,
/// whatever the order of the projects.
package struct SandboxBehavior: Sendable {
  package var seed: UInt64
  /// Mean latency. Each response takes between half and one and a half times this value.
  package var latency: Duration
  /// Fixed replies for individual projects, one per request; the last one is repeated.
  package var script: [String: [SandboxReply]]
  /// The reply to every other project; nil for a mix of all kinds.
  package var others: SandboxReply?
  /// The rate limit. Requests above it are answered with 429. nil for no limit.
  package var rateLimit: SandboxRateLimit?

  package init(
    seed: UInt64 = 1, latency: Duration = .zero, script: [String: [SandboxReply]] = [:], others: SandboxReply? = nil,
    rateLimit: SandboxRateLimit? = nil
  ) {
    self.seed = seed
    self.latency = latency
    self.script = script
    self.others = others
    self.rateLimit = rateLimit
  }

  /// - Parameter request: The number of earlier requests for the project.
  func reply(to projectID: String, request: Int) -> SandboxReply {
    if let scripted = script[projectID], let last = scripted.last {
      return request < scripted.count ? scripted[request] : last
    }
    if let others { return others }
    let found: SandboxReply = hash(projectID, "shape") % 2 == 0 ? .enveloped : .flat
    return switch hash(projectID, "reply") % 1000 {
    case 0..<720, 936..<940: found
    case 720..<900: .notFound
    case 900..<936: request == 0 ? .internalError : found
    case 940..<955: .internalError
    case 955..<970: .envelopeFailed
    case 970..<980: .htmlPage
    case 980..<990: .redirect
    default: .forbidden
    }
  }

  func latency(for projectID: String) -> Duration {
    latency * (0.5 + Double(hash(projectID, "latency") % 1000) / 1000)
  }

  /// Returns a hash that depends only on the seed, the project, and the purpose: FNV-1a with a final mix.
  func hash(_ projectID: String, _ purpose: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
    for byte in Array(projectID.utf8) + [0] + Array(purpose.utf8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    return hash ^ (hash >> 33)
  }
}
