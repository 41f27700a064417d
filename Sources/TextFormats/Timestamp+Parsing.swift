extension Timestamp {
  /// Reads an RFC 3339 `date-time`, and truncates the fraction to milliseconds. Returns nil for anything else.
  ///
  /// The text is read byte by byte for speed, because several are read for every project.
  package init?(rfc3339 text: String) {
    var text = text
    let parsed: Timestamp? = text.withUTF8 { bytes in
      var digits = DigitReader(bytes: bytes)
      return Timestamp(&digits)
    }
    guard let parsed else { return nil }
    self = parsed
  }

  private init?(_ digits: inout DigitReader) {
    guard let year = digits.number(4), digits.skip("-"), let month = digits.number(2), digits.skip("-"),
      let day = digits.number(2), digits.skip("T") || digits.skip("t") || digits.skip(" "),
      let hour = digits.number(2), digits.skip(":"), let minute = digits.number(2), digits.skip(":"),
      let second = digits.number(2)
    else { return nil }
    var millisecond = 0
    if digits.skip(".") {
      guard let fraction = digits.fraction() else { return nil }
      millisecond = fraction
    }
    var offset = 0
    if !digits.skip("Z") && !digits.skip("z") {
      let sign = digits.skip("+") ? 1 : digits.skip("-") ? -1 : 0
      guard sign != 0, let hours = digits.number(2), digits.skip(":"), let minutes = digits.number(2), hours < 24,
        minutes < 60
      else { return nil }
      offset = sign * (hours * 60 + minutes)
    }
    guard digits.isAtEnd else { return nil }
    self.init(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second, millisecond: millisecond,
      offsetMinutes: offset)
  }

  /// Reads an HTTP date in any of the three forms that a recipient must accept (RFC 9110 §5.6.7).
  ///
  /// - Parameter currentYear: determines the century of the two-digit years of the oldest form: a year more than 50
  ///   years in the future is in the previous century.
  package init?(httpDate text: some StringProtocol, currentYear: Int) {
    let words = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "-" })
    func number(_ word: some StringProtocol) -> Int? {
      word.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(word) : nil
    }
    func month(_ word: Substring) -> Int? { Self.months.firstIndex { $0 == word }.map { $0 + 1 } }
    let day: Int?
    let monthNumber: Int?
    let yearWord: Substring
    let clock: Substring
    if words.count == 6, words[5] == "GMT" {
      // Sun, 06 Nov 1994 08:49:37 GMT, or Sunday, 06-Nov-94 08:49:37 GMT
      (day, monthNumber, yearWord, clock) = (
        number(words[1]), month(Substring(words[2])), Substring(words[3]), Substring(words[4])
      )
    } else if words.count == 5 {
      // Sun Nov  6 08:49:37 1994
      (day, monthNumber, yearWord, clock) = (
        number(words[2]), month(Substring(words[1])), Substring(words[4]), Substring(words[3])
      )
    } else {
      return nil
    }
    var clockText = String(clock)
    let time = clockText.withUTF8 { bytes -> (hour: Int, minute: Int, second: Int)? in
      var digits = DigitReader(bytes: bytes)
      guard let hour = digits.number(2), digits.skip(":"), let minute = digits.number(2), digits.skip(":"),
        let second = digits.number(2), digits.isAtEnd
      else { return nil }
      return (hour, minute, second)
    }
    guard let day, let monthNumber, var year = number(yearWord), yearWord.utf8.count == 2 || yearWord.utf8.count == 4,
      let time
    else { return nil }
    if yearWord.utf8.count == 2 {
      year += currentYear / 100 * 100
      if year > currentYear + 50 { year -= 100 }
    }
    self.init(
      year: year, month: monthNumber, day: day, hour: time.hour, minute: time.minute, second: time.second)
  }

  /// The calendar year in UTC.
  package var year: Int { Int(description.prefix(4)) ?? 1970 }
}

/// Reads fixed-width decimal numbers from the start of a text.
private struct DigitReader {
  let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }

  mutating func number(_ digits: Int) -> Int? {
    let end = position + digits
    guard end <= bytes.count else { return nil }
    var value = 0
    while position < end {
      guard let digit = digit else { return nil }
      value = value * 10 + digit
      position += 1
    }
    return value
  }

  /// Reads one or more digits after the decimal point, as milliseconds.
  mutating func fraction() -> Int? {
    let start = position
    var (value, place) = (0, 100)
    while let digit = digit {
      value += digit * place
      place /= 10
      position += 1
    }
    return position > start ? value : nil
  }

  /// The digit at the current position; nil if there is none.
  private var digit: Int? {
    guard position < bytes.count else { return nil }
    let value = bytes[position] &- UInt8(ascii: "0")
    return value < 10 ? Int(value) : nil
  }
}
