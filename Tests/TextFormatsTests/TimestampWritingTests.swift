import Testing
import TextFormats

@Suite("Times as text")
struct TimestampWritingTests {
  @Test(
    "A count of milliseconds is written as its date",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"),
      (1, "1970-01-01T00:00:00.001Z"),
      (-1, "1969-12-31T23:59:59.999Z"),
      (-86_400_000, "1969-12-31T00:00:00.000Z"),
      (-86_400_001, "1969-12-30T23:59:59.999Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (1_768_473_000_000, "2026-01-15T10:30:00.000Z"),
      (-2_208_988_800_000, "1900-01-01T00:00:00.000Z"),
      (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ] as [(Int64, String)])
  func writes(milliseconds: Int64, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
    #expect(Timestamp(rfc3339: text) == Timestamp(milliseconds: milliseconds))
  }

  @Test("A day is written for people, with its year where that is another")
  func day() throws {
    let time = try #require(Timestamp(rfc3339: "2026-10-01T23:59:59.999Z"))
    let other = try #require(Timestamp(rfc3339: "2025-12-31T00:00:00.000Z"))
    #expect(time.day(inYearOf: time) == "1 Oct")
    #expect(time.day(inYearOf: other) == "1 Oct 2026")
    #expect(other.day(inYearOf: time) == "31 Dec 2025")
  }

  @Test("The first and last day of every January, February and December from 0001 to 9999 is right")
  func everyYear() {
    var newYear: Int64 = -719_162  // Days from 1970-01-01 to 0001-01-01.
    for year in 1...9999 {
      let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
      let days: [(Int64, String)] = [
        (0, "01-01"), (30, "01-31"), (31, "02-01"), (isLeap ? 59 : 58, isLeap ? "02-29" : "02-28"),
        (isLeap ? 60 : 59, "03-01"), (isLeap ? 335 : 334, "12-01"), (isLeap ? 365 : 364, "12-31"),
      ]
      let digits = String(10_000 + year).dropFirst()
      for (day, date) in days {
        let time = Timestamp(milliseconds: (newYear + day) * 86_400_000)
        let text = "\(digits)-\(date)T00:00:00.000Z"
        if time.description != text { Issue.record("\(text) is written as \(time)") }
        if Timestamp(rfc3339: text) != time { Issue.record("\(text) is not read back") }
        if time.year != year { Issue.record("\(text) is placed in the year \(time.year)") }
      }
      newYear += isLeap ? 366 : 365
    }
    #expect(newYear == 2_932_897, "days from 1970-01-01 to 10000-01-01")
  }

  @Test("Any time of four-digit years is read back as it was written")
  func roundTrip() {
    var state: UInt64 = 42
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let time = Timestamp(milliseconds: Int64(state >> 11) % 315_537_897_600_000 - 62_135_596_800_000)
      if Timestamp(rfc3339: time.description) != time { Issue.record("\(time) is not read back") }
    }
  }

  @Test("Later is greater, also across 1970")
  func order() throws {
    let times = try ["1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z", "2026-01-15T10:30:00Z"].map {
      try #require(Timestamp(rfc3339: $0))
    }
    #expect(times.reversed().sorted() == times)
  }
}
