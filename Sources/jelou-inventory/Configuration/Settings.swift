import Configuration
import Synchronization

/// All options, each with the value from whoever is nearest to the user: the command line, a variable, the
/// configuration file, the default.
struct Settings {
  /// In the order of ``ConfigurableOption/all``.
  let all: [Setting]

  init(given: GivenOptions, environment: [String: String], file: ConfigurationFile?) throws(JobFailure) {
    let sources = SourceOfAccess()
    let reader = ConfigReader(
      providers: [
        InMemoryProvider(name: "command line", values: Self.values(given.values)),
        // A unit file that leaves a variable empty sets nothing.
        EnvironmentVariablesProvider(environmentVariables: environment.filter { !$0.value.isEmpty })
          .prefixKeys(with: ConfigKey(["jelou", "inventory"])),
        InMemoryProvider(name: "file", values: Self.values((file?.entries ?? [:]).mapValues(\.values))),
      ], accessReporter: sources)
    let settings = ConfigurableOption.all.map { option in
      let key = ConfigKey([option.name])
      let values =
        option.shape == .repeatable ? reader.stringArray(forKey: key) : reader.string(forKey: key).map { [$0] }
      let source: Setting.Source =
        switch sources.last {
        case 0: .commandLine
        case 1: .variable(option.variable)
        case 2: .file(path: file?.path ?? "", line: file?.entries[option.name]?.line ?? 1)
        default: .standard
        }
      return Setting(option: option, values: values ?? option.standard.map { [$0] } ?? [], source: source)
    }
    all = try Self.withoutRivals(settings)
  }

  /// Those of an option by its name; empty when nothing is set.
  func values(of name: String) -> [String] { all.first { $0.option.name == name }?.values ?? [] }

  /// Of two options that exclude each other, the farther one falls back to its default. Where both are equally near,
  /// they are left to the command, which refuses them.
  private static func withoutRivals(_ settings: [Setting]) throws(JobFailure) -> [Setting] {
    var result: [Setting] = []
    for var setting in settings {
      for rival in settings where setting.option.rivals.contains(rival.option.name) {
        let rivalHolds = try rival.option.shape == .flag ? rival.isTrue() : !rival.values.isEmpty
        if rivalHolds, rival.source.distance < setting.source.distance {
          setting.values = setting.option.standard.map { [$0] } ?? []
          setting.source = .standard
        }
      }
      result.append(setting)
    }
    return result
  }

  private static func values(_ values: [String: [String]]) -> [AbsoluteConfigKey: ConfigValue] {
    var result: [AbsoluteConfigKey: ConfigValue] = [:]
    for option in ConfigurableOption.all {
      guard let values = values[option.name] else { continue }
      let content: ConfigContent = option.shape == .repeatable ? .stringArray(values) : .string(values.last ?? "")
      result[AbsoluteConfigKey([option.name])] = ConfigValue(content, isSecret: false)
    }
    return result
  }
}

extension Setting.Source {
  /// From the user.
  fileprivate var distance: Int {
    switch self {
    case .commandLine: 0
    case .variable: 1
    case .file: 2
    case .standard: 3
    }
  }
}

/// Which of the reader's providers gave the value that was read last.
private final class SourceOfAccess: AccessReporter {
  private let index = Mutex<Int?>(nil)

  /// nil when none had one.
  var last: Int? { index.withLock(\.self) }

  func report(_ event: AccessEvent) {
    let found = event.providerResults.firstIndex { (try? $0.result.get())?.value != nil }
    index.withLock { $0 = found }
  }
}
