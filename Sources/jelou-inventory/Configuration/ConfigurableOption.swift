import Gateway

/// An option that may also be set by a variable (`JELOU_INVENTORY_…`) or in a configuration file, by its long name.
struct ConfigurableOption: Hashable, Sendable {
  enum Shape: Sendable {
    /// true or false.
    case flag
    case value
    /// One value; a list in a file is joined by commas.
    case commaSeparated
    /// Each value of a list by itself; commas separate those of a variable.
    case repeatable
  }

  /// The commands that take options from elsewhere.
  enum Command: String, CaseIterable, Sendable {
    case run, plan, report, changes, runs, query, merge

    /// Whether it looks into a database that is there, and makes none.
    var readsDatabase: Bool {
      switch self {
      case .report, .changes, .runs, .query: true
      case .run, .plan, .merge: false
      }
    }

    /// Arguments without which it can't be.
    var leastArguments: [String] {
      switch self {
      case .run, .plan: ["list"]
      case .report, .changes, .runs: []
      case .query: ["--list"]
      case .merge: ["inventory.db"]
      }
    }
  }

  /// Without the dashes in front.
  let name: String
  /// The letter after a single dash; nil when there is none.
  var letter: Character?
  let shape: Shape
  /// What holds when it is set nowhere; nil when nothing does.
  var standard: String?
  /// Options that can't be set together with it. Where it is set nearer to the user than they are, they are dropped.
  var rivals: [String] = []
  let commands: Set<Command>

  /// Name of the variable.
  var variable: String { Self.variablePrefix + name.uppercased().replacing("-", with: "_") }

  static let variablePrefix = "JELOU_INVENTORY_"
  /// Names the configuration file itself.
  static let fileVariable = variablePrefix + "CONFIG"
  /// Says how many shards there are where the environment of a job array does not.
  static let shardsVariable = variablePrefix + "SHARDS"

  /// In the order of `run --help`.
  static let all: [ConfigurableOption] =
    [
      option("id-column", .value, of: [.run, .plan]),
      option("delimiter", .value, "auto", of: [.run, .plan]),
      option("no-header", .flag, "false", of: [.run, .plan]),
      option("encoding", .value, "auto", of: [.run, .plan]),
      option("shard", .value, "1/1", of: [.run, .plan]),
      option("resume", .flag, "false", rivals: ["retry-failed"], of: [.run, .plan]),
      option("resume-within", .value, "7d", of: [.run, .plan]),
      option("retry-failed", .flag, "false", rivals: ["resume"], of: [.run, .plan]),
      option("output", letter: "o", .value, "inventory", of: Set(Command.allCases)),
      option("database", .value, of: Set(Command.allCases)),
      option("format", .commaSeparated, "csv,jsonl,html", of: [.run, .plan, .report, .merge]),
      option("csv-profile", .value, "rfc4180", of: [.run, .plan, .report, .merge]),
      option("language", .value, "en", of: [.run, .plan, .report, .merge, .runs]),
      option("html-rows", .value, "5000", of: [.run, .plan, .report, .merge, .runs]),
      option("templates", .value, of: [.run, .plan, .report, .merge, .runs]),
      option("ordered", .flag, "false", of: [.run, .plan]),
      option("base-url", .value, BaseURL.documented, rivals: ["sandbox", "sandbox-rate-limit"], of: [.run, .plan]),
      option("not-found-by", .value, "body", of: [.run, .plan]),
      option("api-key-file", .value, of: [.run, .plan]),
      option("credentials", .value, of: [.run, .plan]),
      option("ca-file", .value, of: [.run, .plan]),
      option("sandbox", .flag, "false", rivals: ["base-url"], of: [.run, .plan]),
      option("sandbox-rate-limit", .value, "0/s", rivals: ["base-url"], of: [.run, .plan]),
      option("rate", .value, "10/s", of: [.run, .plan]),
      option("burst", .value, "1", of: [.run, .plan]),
      option("rate-scope", .value, "all", of: [.run, .plan]),
      option("concurrency", .value, "8", of: [.run, .plan]),
      option("max-attempts", .value, "5", of: [.run, .plan]),
      option("timeout", .value, "30s", of: [.run, .plan]),
      option("connect-timeout", .value, "10s", of: [.run, .plan]),
      option("max-duration", .value, of: [.run, .plan]),
      option("allow-host", .repeatable, of: [.run, .plan, .merge]),
      option("stale-after", .value, "365", of: [.run, .plan, .merge]),
      option("max-gone", .value, "20%", of: [.run, .plan, .merge]),
      option("fail-on", .repeatable, of: [.run, .plan, .merge]),
      option("progress", .value, "auto", of: Set(Command.allCases)),
      option("quiet", letter: "q", .flag, "false", rivals: ["verbose"], of: Set(Command.allCases)),
      option("verbose", letter: "v", .flag, "false", rivals: ["quiet"], of: Set(Command.allCases)),
      option("log-format", .value, "text", of: Set(Command.allCases)),
    ]

  private static func option(
    _ name: String, letter: Character? = nil, _ shape: Shape, _ standard: String? = nil, rivals: [String] = [],
    of commands: Set<Command>
  ) -> ConfigurableOption {
    ConfigurableOption(
      name: name, letter: letter, shape: shape, standard: standard, rivals: rivals, commands: commands)
  }
}
