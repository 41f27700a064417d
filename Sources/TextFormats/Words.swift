#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Duration {
  /// The duration in milliseconds, rounded.
  package var inMilliseconds: Int { Int((self / .milliseconds(1)).rounded()) }

  /// The duration in at most two units, the largest first: `4.2 s`, `5 min 3 s`, `2 h 46 min`, `11 d 13 h`.
  package var inWords: String {
    let tenths = Int((self / .milliseconds(100)).rounded())
    if tenths < 600 { return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s" }
    let seconds = Int((self / .seconds(1)).rounded())
    let units = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
    let first = units.firstIndex { seconds >= $0.0 } ?? 3
    let (large, small) = (units[first], units[min(first + 1, 3)])
    let rest = first == 3 ? 0 : seconds % large.0 / small.0
    return "\(seconds / large.0) \(large.1)" + (rest > 0 ? " \(rest) \(small.1)" : "")
  }
}

extension Timestamp {
  /// Abbreviated in English, as HTTP dates have them.
  static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// The day in UTC, with its year if that differs from the year of another time: `1 Oct`, `1 Oct 2025`.
  package func day(inYearOf other: Timestamp) -> String {
    let parts = description.prefix(10).split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, Self.months.indices.contains(parts[1] - 1) else { return String(description.prefix(10)) }
    let day = "\(parts[2]) \(Self.months[parts[1] - 1])"
    return description.prefix(4) == other.description.prefix(4) ? day : "\(day) \(parts[0])"
  }

  /// The time in UTC and in local time, and the wait if it is in the future: `2026-12-01T02:06:40.000Z (Tue 1 Dec 03:06
  /// local time, in 11 h 6 min)`.
  package var inWords: String {
    var seconds = time_t(milliseconds / 1000)
    var local = tm()
    localtime_r(&seconds, &local)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let clock = [local.tm_hour, local.tm_min].map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":")
    let date = "\(days[Int(local.tm_wday)]) \(local.tm_mday) \(Self.months[Int(local.tm_mon)]) \(clock) local time"
    let wait = Duration.milliseconds(milliseconds - Timestamp.now.milliseconds)
    return wait > .zero ? "\(self) (\(date), in \(wait.inWords))" : "\(self) (\(date))"
  }
}

extension Int {
  /// The number with its noun: `1 row`, `12 rows`.
  package func counted(_ one: String, _ many: String) -> String { "\(self) \(self == 1 ? one : many)" }
}
