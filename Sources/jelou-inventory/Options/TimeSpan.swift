import ArgumentParser

/// The value of an option that is a duration: a number of seconds, or a number with a unit (`500ms`, `30s`, `10m`,
/// `6h`, `2d`).
///
/// The minimum is one millisecond, the maximum one year.
struct TimeSpan: ExplainedValue, Hashable, CustomStringConvertible {
  static let syntax = "seconds, or a number with a unit: 500ms, 30s, 10m, 6h, 2d"

  let duration: Duration
  /// The text as the user wrote it.
  let description: String

  static func seconds(_ count: Int) -> TimeSpan { TimeSpan(duration: .seconds(count), description: "\(count)s") }

  static func days(_ count: Int) -> TimeSpan { TimeSpan(duration: .seconds(86_400 * count), description: "\(count)d") }

  private init(duration: Duration, description: String) {
    self.duration = duration
    self.description = description
  }

  init?(argument: String) {
    let number = argument.prefix { $0 == "." || ($0.isASCII && $0.isNumber) }
    guard let count = Double(number), let unit = Self.secondsPerUnit[String(argument[number.endIndex...])] else {
      return nil
    }
    let seconds = count * unit
    guard (0.001...Self.longest).contains(seconds) else { return nil }
    self.init(duration: .seconds(seconds), description: argument)
  }

  var defaultValueDescription: String { description }

  /// The maximum, in seconds.
  private static let longest = 366.0 * 86_400

  private static let secondsPerUnit: [String: Double] = [
    "": 1, "ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400,
  ]
}
