import ArgumentParser
import Collecting
import Gateway
import InventoryJobs
import SandboxGateway

/// Which gateway to query, and with which credentials.
struct GatewayOptions: ConfigurableOptions {
  static let notes = [
    OptionNote(
      name: "base-url", defaultValue: BaseURL.documented, conflictingOptions: ["sandbox", "sandbox-rate-limit"]),
    OptionNote(name: "api-key-file", namesSecret: true),
    OptionNote(name: "credentials", namesSecret: true),
    OptionNote(name: "ca-file", namesSecret: true),
    OptionNote(name: "sandbox", conflictingOptions: ["base-url"]),
    OptionNote(name: "sandbox-rate-limit", conflictingOptions: ["base-url"]),
  ]

  @Option(
    name: .customLong("base-url"),
    help: ArgumentHelp(
      "Base URL of the gateway. HTTPS is required except for localhost. (default: \(BaseURL.documented))",
      valueName: "url"))
  var baseURL: String?

  @Option(
    name: .customLong("not-found-by"),
    help: ArgumentHelp(
      "Which 404 means that there is no integration: the gateway's own answer (body) or any 404 (status).",
      valueName: "what"))
  var notFoundBy = NotFoundCriterion.body

  @Option(
    name: .customLong("api-key-file"),
    help: ArgumentHelp("File with one API key for all projects, instead of JELOU_API_KEY.", valueName: "file"),
    completion: .file())
  var apiKeyFile: String?

  @Option(
    help: ArgumentHelp(
      """
      CSV file with several credentials: name,api_key or name,client_id,client_secret. The column "credential" of the \
      list selects one for each row.
      """, valueName: "file"), completion: .file(extensions: ["csv"]))
  var credentials: String?

  @Option(
    name: .customLong("ca-file"),
    help: ArgumentHelp(
      "PEM file with CA certificates to trust in addition to the system's trust store.", valueName: "file"),
    completion: .file(extensions: ["pem", "crt", "cer"]))
  var caFile: String?

  @Flag(help: "Use a local gateway inside this process instead of the real one; needs no key.")
  var sandbox = false

  @Option(
    name: .customLong("sandbox-rate-limit"),
    help: ArgumentHelp(
      "Rate limit of the sandbox. It answers requests beyond it with 429. 0 means no limit.",
      valueName: "n[/s|/m|/h]"))
  var sandboxRateLimit = Rate.unlimited

  func validate() throws {
    guard !sandbox || baseURL == nil else {
      throw ValidationError("--sandbox and --base-url can't be combined; use one of them.")
    }
    _ = try source
  }

  /// - Throws: ``JobFailure`` when an option requires another one that is not set. `validate()` can't check this,
  ///   because another source may set the other option.
  func settings(environment: [String: String]) throws -> RunPlan.GatewaySettings {
    guard sandbox || sandboxRateLimit.interval == nil else {
      throw JobFailure(.usage, "--sandbox-rate-limit has no effect without --sandbox; add --sandbox, or omit it")
    }
    return RunPlan.GatewaySettings(
      source: try source, notFoundBy: notFoundBy, credentials: credentials(environment: environment), caFile: caFile)
  }

  private var source: RunPlan.GatewaySource {
    get throws {
      if sandbox { return .sandbox(SandboxRateLimit(sandboxRateLimit)) }
      do {
        return .remote(try BaseURL(baseURL ?? BaseURL.documented))
      } catch {
        throw ValidationError(error.description)
      }
    }
  }

  private func credentials(environment: [String: String]) -> CredentialSources {
    // A sandbox run needs no key, so it ignores real keys in the environment.
    CredentialSources(
      apiKeyFile: apiKeyFile, credentialsFile: credentials,
      environment: sandbox ? environment.filter { !CredentialSources.variables.contains($0.key) } : environment)
  }
}

extension NotFoundCriterion: NamedValue {}

extension CredentialSources {
  /// The environment variables with the credential for all projects.
  static let variables = ["JELOU_API_KEY", "JELOU_CLIENT_ID", "JELOU_CLIENT_SECRET"]
}
