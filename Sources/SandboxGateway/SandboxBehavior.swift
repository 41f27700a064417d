/// One answer of the sandbox.
package enum SandboxReply: Hashable, Sendable {
  /// 200 with the integration in an envelope.
  case enveloped
  /// 200 with the flat integration.
  case flat
  /// 200 whose envelope says that it failed.
  case envelopeFailed
  /// 200 with a page instead of data.
  case htmlPage
  case notFound
  case forbidden
  case redirect
  case internalError
  /// 429 with `Retry-After` in seconds; nil for none.
  case tooManyRequests(retryAfter: Int?)
  /// Any status with any body.
  case custom(status: Int, headers: [String: String] = [:], body: String = "")
}

/// What the sandbox answers: the same for a project ID and seed, however often and in whatever order it is asked.
package struct SandboxBehavior: Sendable {
  package var seed: UInt64
  /// The mean time to an answer; each takes from half of it to one and a half.
  package var latency: Duration
  /// Replies laid down for single projects, one a request; the last is repeated.
  package var script: [String: [SandboxReply]]
  /// The reply to every other project; nil for replies of all kinds.
  package var others: SandboxReply?
  /// Requests beyond it are answered with 429; nil for no limit.
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

  /// - Parameter request: how often the project has been asked for before.
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

  /// A number that depends on the seed, the project and the purpose alone: FNV-1a with a final mix.
  func hash(_ projectID: String, _ purpose: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
    for byte in Array(projectID.utf8) + [0] + Array(purpose.utf8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    return hash ^ (hash >> 33)
  }
}
