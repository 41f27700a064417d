import FoundationEssentials

/// A point in time, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// The parsers here are stricter than Foundation's: `ISO8601FormatStyle` reads `2026-02-30` as March 2, and ignores
/// text after the date. A date that was not sent must not appear in an inventory.
package struct Timestamp: Hashable, Comparable, Sendable {
  package var milliseconds: Int64

  package init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// The years 0000 to 9999, the range of a four-digit year.
  private static let writable: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

  /// Creates a timestamp from a calendar date and time, `offsetMinutes` east of UTC; nil if there is no such date.
  ///
  /// A leap second counts as the start of the next minute. It is valid only as the last second of a UTC day (RFC 3339
  /// §5.7).
  init?(
    year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, millisecond: Int = 0, offsetMinutes: Int = 0
  ) {
    guard (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year), (0...23).contains(hour),
      (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    let minutes = (Self.days(toYear: year, month: month, day: day) * 24 + hour) * 60 + minute - offsetMinutes
    guard second < 60 || (minutes + 1) % 1440 == 0 else { return nil }
    milliseconds = Int64(minutes * 60 + second) * 1000 + Int64(millisecond)
    guard Self.writable.contains(milliseconds) else { return nil }
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar.
  ///
  /// The calculation uses years that begin in March, so that the leap day is the last day of a year.
  private static func days(toYear year: Int, month: Int, day: Int) -> Int {
    let marchYear = month > 2 ? year : year - 1
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The inverse of ``days(toYear:month:day:)``.
  private static func date(atDay day: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
  }
}

extension Timestamp {
  /// The current wall-clock time.
  package static var now: Timestamp {
    Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
  }
}

extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC with milliseconds: `2026-01-15T10:30:00.000Z`.
  package var description: String {
    var rest = milliseconds
    let day = Int((rest >= 0 ? rest : rest - 86_399_999) / 86_400_000)
    rest -= Int64(day) * 86_400_000
    let (year, month, dayOfMonth) = Self.date(atDay: day)
    let time = Int(rest)
    return String(unsafeUninitializedCapacity: 24) { text in
      func write(_ value: Int, at start: Int, digits: Int) {
        var value = value
        for index in stride(from: start + digits - 1, through: start, by: -1) {
          text[index] = UInt8(ascii: "0") + UInt8(value % 10)
          value /= 10
        }
      }
      write(max(0, year), at: 0, digits: 4)
      text[4] = UInt8(ascii: "-")
      write(month, at: 5, digits: 2)
      text[7] = UInt8(ascii: "-")
      write(dayOfMonth, at: 8, digits: 2)
      text[10] = UInt8(ascii: "T")
      write(time / 3_600_000, at: 11, digits: 2)
      text[13] = UInt8(ascii: ":")
      write(time / 60_000 % 60, at: 14, digits: 2)
      text[16] = UInt8(ascii: ":")
      write(time / 1000 % 60, at: 17, digits: 2)
      text[19] = UInt8(ascii: ".")
      write(time % 1000, at: 20, digits: 3)
      text[23] = UInt8(ascii: "Z")
      return 24
    }
  }
}
