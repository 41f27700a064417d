extension Timestamp {
  /// Reads a date and time in an unambiguous form, even if no standard allows it in this context.
  ///
  /// These are the forms of HTTP (RFC 9110 §5.6.7) with another time zone, without a time zone, without the weekday or
  /// with a single-digit day or hour, and ISO 8601. Without a time zone, the time is in UTC, like every HTTP date.
  /// Returns nil for anything else, such as an unknown time zone or a day that does not exist.
  ///
  /// - Parameter currentYear: determines the century of two-digit years; see ``init(httpDate:currentYear:)``.
  package init?(lenientDate text: String, currentYear: Int) {
    let text = text.trimmingSpace()
    if let time = Timestamp(httpDate: text, currentYear: currentYear) ?? Timestamp(rfc3339: text) {
      self = time
      return
    }
    if let match = text.wholeMatch(
      of:
        /(\d{4})-?(\d\d)-?(\d\d)(?:[Tt]|\s+)(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*([A-Za-z]*|[+-]\d\d:?(?:\d\d)?)/
        .asciiOnlyDigits())
    {
      let date = match.output
      self.init(year: date.1, month: Int(date.2), day: date.3, clock: (date.4, date.5, date.6), zone: date.7)
    } else if let match = text.wholeMatch(
      of:
        /(?:[A-Za-z]+\.?,?\s*)?(\d\d?)[\s-]+([A-Za-z]{3})[A-Za-z]*\.?,?[\s-]+(\d{4}|\d\d)\s+(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*([A-Za-z]*|[+-]\d\d:?(?:\d\d)?)/
        .asciiOnlyDigits())
    {
      let date = match.output
      self.init(
        year: Self.fullYear(date.3, currentYear: currentYear), month: Self.month(date.2), day: date.1,
        clock: (date.4, date.5, date.6), zone: date.7)
    } else if let match = text.wholeMatch(
      of:
        /[A-Za-z]+\.?,?\s+([A-Za-z]{3})[A-Za-z]*\.?\s+(\d\d?)\s+(\d\d?):(\d\d)(?::(\d\d))?\s+(?:([A-Za-z]+)\s+)?(\d{4})/
        .asciiOnlyDigits())
    {
      let date = match.output
      self.init(
        year: date.7, month: Self.month(date.1), day: date.2, clock: (date.3, date.4, date.5), zone: date.6 ?? "")
    } else {
      return nil
    }
  }

  private init?(
    year: Substring, month: Int?, day: Substring, clock: (hour: Substring, minute: Substring, second: Substring?),
    zone: Substring
  ) {
    guard let year = Int(year), let month, let day = Int(day), let hour = Int(clock.hour),
      let minute = Int(clock.minute), let second = Int(clock.second ?? "0"), let offset = Self.offset(zone)
    else { return nil }
    self.init(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second, offsetMinutes: offset)
  }

  private static func month(_ name: Substring) -> Int? {
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
      .firstIndex(of: name.lowercased()).map { $0 + 1 }
  }

  private static func fullYear(_ digits: Substring, currentYear: Int) -> Substring {
    guard digits.utf8.count == 2, let year = Int(digits) else { return digits }
    let full = year + currentYear / 100 * 100
    return Substring(String(full > currentYear + 50 ? full - 100 : full))
  }

  /// Minutes east of UTC; nil for an unknown time zone. RFC 5322 §4.3 defines the names.
  private static func offset(_ zone: Substring) -> Int? {
    switch zone.uppercased() {
    case "", "GMT", "UTC", "UT", "Z": return 0
    case "EDT": return -4 * 60
    case "EST", "CDT": return -5 * 60
    case "CST", "MDT": return -6 * 60
    case "MST", "PDT": return -7 * 60
    case "PST": return -8 * 60
    case let zone:
      guard let sign = zone.first, sign == "+" || sign == "-" else { return nil }
      let digits = zone.filter(\.isNumber)
      guard let hours = Int(digits.prefix(2)), let minutes = Int(digits.count > 2 ? digits.dropFirst(2) : "0"),
        hours < 24, minutes < 60
      else { return nil }
      return (sign == "+" ? 1 : -1) * (hours * 60 + minutes)
    }
  }
}
