import InventoryModel
import TextFormats

/// Converts times to the serial numbers of spreadsheets.
enum SheetTime {
  /// The cell format that shows times as the reports write them, in UTC.
  static let format = "yyyy-mm-dd hh:mm:ss.000"

  /// Returns the days since 1899-12-30, with the time of day as a fraction; nil if the text is not a time as the
  /// reports write it, and for times before March 1900, because Excel's calendar contains a day in 1900 that did not
  /// exist.
  static func serial(_ text: String) -> Double? {
    guard let time = Timestamp(rfc3339: text), time.description == text else { return nil }
    return serial(time)
  }

  static func serial(_ time: Timestamp) -> Double? {
    let milliseconds = time.milliseconds + 25_569 * 86_400_000
    return milliseconds >= 61 * 86_400_000 ? Double(milliseconds) / 86_400_000 : nil
  }
}
