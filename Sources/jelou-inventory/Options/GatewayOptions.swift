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
      "Where the gateway is; https only, but for loopback. (default: \(BaseURL.documented))", valueName: "url"))
  var baseURL: String?

  @Option(
    name: .customLong("not-found-by"),
    help: ArgumentHelp(
      "What makes a 404 the answer that there is no integration: body (the gateway's own answer) or status (any 404).",
      valueName: "what"))
  var notFoundBy = NotFoundCriterion.body

  @Option(
    name: .customLong("api-key-file"),
    help: ArgumentHelp("A file with one key for all projects, in place of JELOU_API_KEY.", valueName: "file"),
    completion: .file())
  var apiKeyFile: String?

  @Option(
    help: ArgumentHelp(
      "A CSV (name,api_key or name,client_id,client_secret); the list's column credential names one per row.",
      valueName: "file"), completion: .file())
  var credentials: String?

  @Option(
    name: .customLong("ca-file"),
    help: ArgumentHelp("A PEM file with trust roots for a private gateway, beside the system's.", valueName: "file"),
    completion: .file())
  var caFile: String?

  @Flag(help: "Start a local gateway in this process and use it; needs no key.")
  var sandbox = false

  @Option(
    name: .customLong("sandbox-rate-limit"),
    help: ArgumentHelp(
      "Of the sandbox: requests a second (or /m, /h) beyond which it answers 429; 0 means no limit.",
      valueName: "n[/s|/m|/h]"))
  var sandboxRateLimit = Rate.unlimited

  func validate() throws {
    guard !sandbox || baseURL == nil else { throw ValidationError("--sandbox and --base-url exclude each other.") }
    _ = try source
  }

  /// - Throws: ``JobFailure`` when an option requires another one that is not set. `validate()` can't check this,
  ///   because another source may set the other option.
  func settings(environment: [String: String]) throws -> RunPlan.GatewaySettings {
    guard sandbox || sandboxRateLimit.interval == nil else {
      throw JobFailure(.usage, "--sandbox-rate-limit needs --sandbox.")
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

extension NotFoundCriterion: ExpressibleByArgument {}

extension CredentialSources {
  /// The environment variables with the credential for all projects.
  static let variables = ["JELOU_API_KEY", "JELOU_CLIENT_ID", "JELOU_CLIENT_SECRET"]
}
