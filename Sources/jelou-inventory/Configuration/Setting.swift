import InventoryModel

/// An option's value, and who has set it.
struct Setting: Hashable {
  enum Source: Hashable {
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
  }

  let option: ConfigurableOption
  /// Several for a repeatable option alone; empty when nothing is set.
  var values: [String]
  var source: Source

  /// What says the same on a command line.
  ///
  /// - Throws: ``JobFailure`` when a flag is neither true nor false.
  func arguments() throws(JobFailure) -> [String] {
    switch option.shape {
    case .flag: try isTrue() ? ["--\(option.name)"] : []
    case .value, .commaSeparated, .repeatable: values.map { "--\(option.name)=\($0)" }
    }
  }

  /// - Throws: ``JobFailure`` when a flag is neither true nor false.
  func isTrue() throws(JobFailure) -> Bool {
    switch values.first?.lowercased() {
    case "true", "yes", "on", "1": true
    case "false", "no", "off", "0", nil: false
    default: throw JobFailure(.unusableInput, "\(source.description): \(option.name) is true or false")
    }
  }
}
