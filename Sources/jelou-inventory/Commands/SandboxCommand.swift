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
    abstract: "Serve a local gateway for tests and rehearsals until it is interrupted.",
    usage: "jelou-inventory sandbox [<options>]",
    discussion: """
      Examples:
        jelou-inventory sandbox --port 8080
        export JELOU_API_KEY=any
        jelou-inventory run projects.csv \\
          --base-url http://127.0.0.1:8080/jelouapi/v1

      Prints its base URL and serves the documented API on 127.0.0.1. It accepts every key and Basic credential that \
      does not contain "revoked". The same project ID and seed always get the same answer.

      Exit codes:
        0    The sandbox was stopped.
        64   The command line is wrong.
        73   The sandbox can't listen on the port.

      Guide: GettingStarted.md
      """)

  @Option(help: ArgumentHelp("Port on 127.0.0.1; 0 selects a free port.", valueName: "n"))
  var port: Int = 0

  @Option(help: ArgumentHelp("Seed of the generated answers.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(name: .customLong("latency-ms"), help: ArgumentHelp("Mean response time in milliseconds.", valueName: "ms"))
  var latencyMS: Int = 0

  @Option(
    name: .customLong("rate-limit"),
    help: ArgumentHelp(
      "Rate limit. Requests beyond it are answered with 429. 0 means no limit.", valueName: "n[/s|/m|/h]"))
  var rateLimit = Rate.unlimited

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port is \(port); use a number from 0 to 65535.") }
    guard (0...60_000).contains(latencyMS) else {
      throw ValidationError("--latency-ms is \(latencyMS); use a number from 0 to 60000.")
    }
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
