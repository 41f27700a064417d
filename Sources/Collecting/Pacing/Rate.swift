/// A rate limit: how many requests may start in a unit of time.
package struct Rate: Hashable, Sendable, CustomStringConvertible {
  package enum Unit: String, CaseIterable, Sendable {
    case second = "s"
    case minute = "m"
    case hour = "h"

    var duration: Duration {
      switch self {
      case .second: .seconds(1)
      case .minute: .seconds(60)
      case .hour: .seconds(3600)
      }
    }
  }

  /// As it was written, with the unit: `10/s`; `0/s` for no limit.
  package let description: String
  /// Between two starts; nil when there is no limit.
  package let interval: Duration?

  package init(perSecond count: Int) {
    description = "\(count)/s"
    interval = count == 0 ? nil : .seconds(1) / count
  }

  private init(description: String, interval: Duration?) {
    self.description = description
    self.interval = interval
  }

  /// The rate of each of several that share this one equally; for one, this rate itself.
  package func divided(by count: Int) -> Rate {
    guard count > 1, let interval else { return self }
    return Rate(description: "\(description) divided by \(count)", interval: interval * count)
  }

  /// Reads `N`, `N/s`, `N/m` or `N/h`; N may have a fraction, and 0 means no limit. nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let unit = parts.count == 2 ? Unit(rawValue: String(parts[1])) : .second
    guard let unit, let number = parts.first,
      number.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (48...57).contains($0) }),
      let count = Double(number), count.isFinite
    else { return nil }
    guard count == 0 || (0.0001...1_000_000).contains(count) else { return nil }
    description = count == 0 ? "0/s" : "\(number)/\(unit.rawValue)"
    interval = count == 0 ? nil : unit.duration / count
  }
}
