import ArgumentParser
import Collecting
import Files
import FoundationEssentials
import InventoryJobs
import SandboxGateway

/// `sandbox`: serve a local gateway for tests and trials.
struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract: "Serve a local gateway for rehearsals, until it is interrupted.",
    discussion: """
      Prints its base URL. It speaks the documented API on 127.0.0.1, takes any key or Basic credential but those that \
      contain "revoked", and answers the same for the same project ID and seed.

      Exit codes: 0 it was stopped; 64 wrong usage; 73 it can't listen on the port.

      Example:
        jelou-inventory sandbox --port 8080
        JELOU_API_KEY=any jelou-inventory run projects.csv --base-url http://127.0.0.1:8080/jelouapi/v1
      """)

  @Option(help: "The port on 127.0.0.1; 0 takes one that is free.")
  var port: Int = 0

  @Option(help: "Another number, other integrations.")
  var seed: UInt64 = 1

  @Option(name: .customLong("latency-ms"), help: "Mean time to an answer, in milliseconds.")
  var latencyMS: Int = 0

  @Option(
    name: .customLong("rate-limit"),
    help: ArgumentHelp(
      "Requests a second (or /m, /h) beyond which it answers 429; 0 means no limit.", valueName: "n[/s|/m|/h]"))
  var rateLimit = Rate.unlimited

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("The port is a number from 0 to 65535.") }
    guard (0...60_000).contains(latencyMS) else { throw ValidationError("The latency is at most 60000 ms.") }
  }

  func run() async throws {
    do {
      let budget = OpenFileBudget(limit: .current)
      let connections = try budget.connections(wanted: .max, servers: 0, threads: SandboxServer.threads)
      let server = SandboxServer(
        behavior: SandboxBehavior(
          seed: seed, latency: .milliseconds(latencyMS), rateLimit: SandboxRateLimit(rateLimit)), port: port,
        connections: connections)
      try await server.serving { baseURL in
        try StandardOutput.print([baseURL])
        let (stopped, stop) = AsyncStream.makeStream(of: Never.self)
        Interruption.ofProcess.finishes { stop.finish() }
        for await _ in stopped {}
      }
    } catch {
      throw TerminalSession(try .parse([]), environment: ProcessInfo.processInfo.environment)
        .end(with: JobFailure(error))
    }
  }
}

extension SandboxRateLimit {
  /// nil for an unlimited rate.
  init?(_ rate: Rate) {
    guard let interval = rate.interval else { return nil }
    self.init(interval: interval)
  }
}
