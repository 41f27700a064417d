import InventoryModel
import TextFormats

/// A delay in a header's value, in any of the forms in use.
///
/// Where a text can be read in several ways the longest delay counts: a late retry costs time, an early one is refused.
struct WaitText {
  /// The unit of a bare number.
  private let unit: Duration
  /// The time from which points in time are counted.
  private let now: Timestamp
  private let text: String

  /// Seconds beyond any real delay; a number too large for its type is still a delay without end.
  private static let longest = 1_000_000_000.0
  /// A number that large is a point in time, in seconds or milliseconds since 1970, if it is as near as this.
  private static let plausible = Duration.seconds(366 * 86_400)

  init(_ text: String, unit: Duration = .seconds(1), now: Timestamp) {
    self.text = text.trimmingSpace()
    self.unit = unit
    self.now = now
  }

  /// nil for a text that can't be read, and for a negative number.
  var wait: Duration? {
    if let wait = single(text) { return wait }
    // `5, 10` of two header lines that a proxy joined, `120; reason=load`, `6,5` and `1,000`.
    let parts = text.split { $0 == "," || $0 == ";" }
    guard parts.count > 1 else { return nil }
    let groups = text.split(separator: ",", omittingEmptySubsequences: false)
    let isNumber = groups.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(Self.isDigit) }
    let joined = isNumber && groups.dropFirst().allSatisfy { $0.utf8.count == 3 } ? [groups.joined()] : []
    let decimal = isNumber && groups.count == 2 ? [groups.joined(separator: ".")] : []
    return (parts.map { String($0).trimmingSpace() } + joined + decimal).compactMap(single).max()
  }

  private func single(_ text: String) -> Duration? {
    let text = Self.unquoted(text)
    if let number = Self.number(text) { return wait(number) }
    if let wait = Self.sum(ofUnitsIn: text) { return wait }
    return Timestamp(lenientDate: text, currentYear: now.year).map(until)
  }

  private func until(_ time: Timestamp) -> Duration { .milliseconds(max(0, time.milliseconds - now.milliseconds)) }

  private func wait(_ number: Double) -> Duration {
    if number >= Self.longest {
      for milliseconds in [number * 1000, number] where milliseconds < 1e15 {
        let time = Timestamp(milliseconds: Int64(milliseconds))
        let distance = Duration.milliseconds(abs(time.milliseconds - now.milliseconds))
        if distance <= Self.plausible { return until(time) }
      }
    }
    return Self.duration(number, unit)
  }

  /// Rounded up to milliseconds.
  private static func duration(_ number: Double, _ unit: Duration) -> Duration {
    let milliseconds = (number * (unit / .milliseconds(1))).rounded(.up)
    return .milliseconds(Int64(min(milliseconds, longest * 1000)))
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func unquoted(_ text: String) -> String {
    for quote in ["\"", "'"] where text.utf8.count > 1 && text.hasPrefix(quote) && text.hasSuffix(quote) {
      return String(text.dropFirst().dropLast()).trimmingSpace()
    }
    return text
  }

  /// `6`, `+6`, `6.5`, `.5`, `1e3`.
  private static func number(_ text: String) -> Double? {
    // Nearly all values, and many responses have one.
    if !text.isEmpty, text.utf8.allSatisfy(isDigit) { return Double(text) }
    guard text.wholeMatch(of: /\+?([0-9]+\.?[0-9]*|\.[0-9]+)([eE]\+?[0-9]+)?/) != nil, let number = Double(text),
      !number.isNaN
    else { return nil }
    return number
  }

  /// `6s`, `6 seconds`, `1m30s`, `1 minute, 30 seconds`, and ISO 8601's `PT1M30S`.
  private static func sum(ofUnitsIn text: String) -> Duration? {
    var rest = Substring(text.lowercased())
    if let prefix = rest.prefixMatch(of: /p([0-9]+d)?t?/) {
      rest = (prefix.output.1 ?? "") + rest[prefix.range.upperBound...]
    }
    var total: Duration?
    while !rest.isEmpty {
      guard let part = rest.prefixMatch(of: /\+?([0-9]+(?:[.,][0-9]+)?)\s*([a-zµ]+)\.?[\s,]*/),
        let number = number(String(part.output.1).replacing(",", with: ".")), let unit = unit(String(part.output.2))
      else { return nil }
      total = (total ?? .zero) + duration(number, unit)
      rest = rest[part.range.upperBound...]
    }
    return total
  }

  private static func unit(_ name: String) -> Duration? {
    switch name {
    case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds": .milliseconds(1)
    case "s", "sec", "secs", "second", "seconds", "segundo", "segundos": .seconds(1)
    case "m", "min", "mins", "minute", "minutes", "minuto", "minutos": .seconds(60)
    case "h", "hr", "hrs", "hour", "hours", "hora", "horas": .seconds(3600)
    case "d", "day", "days": .seconds(86_400)
    default: nil
    }
  }
}
