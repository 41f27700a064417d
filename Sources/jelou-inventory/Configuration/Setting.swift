import InventoryJobs
import InventoryModel
import TextFormats

/// An option's value and its source.
struct Setting: Sendable {
  enum Source: Hashable, Sendable {
    case commandLine
    case variable(String)
    case file(path: String, line: Int)
    case standard

    var description: String {
      switch self {
      case .commandLine: "command line"
      case .variable(let name): name
      case .file(let path, let line): "\(path.visible) line \(line)"
      case .standard: "default"
      }
    }

    var precedence: Int {
      switch self {
      case .commandLine: 3
      case .variable: 2
      case .file: 1
      case .standard: 0
      }
    }
  }

  let option: ConfigurableOption
  /// The values: several only for a repeatable option; empty when nothing is set.
  let values: [String]
  let source: Source

  init(option: ConfigurableOption, values: [String], source: Source) {
    self.option = option
    self.values = values
    self.source = source
  }

  init(defaultOf option: ConfigurableOption) {
    self.init(option: option, values: option.defaultValue.map { [$0] } ?? [], source: .standard)
  }

  /// Equivalent command-line arguments.
  ///
  /// - Throws: ``JobFailure`` when a flag is neither true nor false.
  func arguments() throws(JobFailure) -> [String] {
    guard option.isFlag else { return values.map { "--\(option.name)=\($0)" } }
    return try isTrue() ? ["--\(option.name)"] : []
  }

  /// Whether a flag is true, or another option has a value.
  ///
  /// - Throws: ``JobFailure`` when a flag is neither true nor false.
  func isInEffect() throws(JobFailure) -> Bool { try option.isFlag ? isTrue() : !values.isEmpty }

  /// - Throws: ``JobFailure`` when a flag is neither true nor false.
  func isTrue() throws(JobFailure) -> Bool {
    switch values.first?.lowercased() {
    case "true", "yes", "on", "1": true
    case "false", "no", "off", "0", nil: false
    default:
      throw JobFailure(
        .unusableInput, "\(source.description): \(option.name) is neither true nor false; write one of them")
    }
  }
}
