/// A text that the user gave outside of files: an option's value, wherever it was set, or the path of the list.
struct GivenText: Sendable {
  /// Names it in messages: `--output`, or `monthly.yaml line 3: output`.
  let place: String
  let value: String

  /// Those of the command that runs in this task.
  @TaskLocal static var ofCommand: [GivenText] = []
}

extension Settings {
  /// Every value that is not a default.
  var texts: [GivenText] {
    all.filter { $0.source != .standard }.flatMap { setting in
      let place =
        setting.source == .commandLine
        ? "--\(setting.option.name)" : "\(setting.source.description): \(setting.option.name)"
      return setting.values.map { GivenText(place: place, value: $0) }
    }
  }
}
