import Testing
import TextFormats

@Suite("Dates in HTTP headers")
struct HTTPDateTests {
  @Test(
    "All three forms of RFC 9110 say the same",
    arguments: [
      "Sun, 06 Nov 1994 08:49:37 GMT",
      "Sunday, 06-Nov-94 08:49:37 GMT",
      "Sun Nov  6 08:49:37 1994",
    ])
  func forms(text: String) throws {
    let date = try #require(Timestamp(httpDate: text, currentYear: 2026))
    #expect(date.description == "1994-11-06T08:49:37.000Z")
  }

  @Test(
    "Every month is known",
    arguments: zip(
      ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
      ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"]))
  func months(name: String, number: String) throws {
    let date = try #require(Timestamp(httpDate: "Thu, 15 \(name) 2026 00:00:00 GMT", currentYear: 2026))
    #expect(date.description == "2026-\(number)-15T00:00:00.000Z")
  }

  @Test(
    "A two-digit year more than 50 years ahead is in the past",
    arguments: [(26, 2026), (27, 2027), (76, 2076), (77, 1977), (99, 1999), (10, 2010)])
  func twoDigitYear(written: Int, meant: Int) throws {
    let date = try #require(Timestamp(httpDate: "Sunday, 06-Nov-\(written) 08:49:37 GMT", currentYear: 2026))
    #expect(date.year == meant)
  }

  @Test(
    "Anything else is no date",
    arguments: [
      "", "120", "-1", "soon", "GMT", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37", "06 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 +0000", "Sun, 06 Nov 1994 8:49:37 GMT",
      "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37.5 GMT", "Sun, 06 November 1994 08:49:37 GMT",
      "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 31 Feb 2026 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 994 08:49:37 GMT", "Sun, 06 Nov 11994 08:49:37 GMT", "Sun, +6 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov +994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:49:60 GMT",
      "Sun, 06 Nov 1994 08:49:37 GMT GMT", "2026-01-15T10:30:00Z",
    ])
  func junk(text: String) {
    #expect(Timestamp(httpDate: text, currentYear: 2026) == nil)
  }
}
