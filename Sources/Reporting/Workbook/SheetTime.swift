import InventoryModel
import TextFormats

/// Times as spreadsheets keep them.
enum SheetTime {
  /// As the reports write times, in UTC.
  static let format = "yyyy-mm-dd hh:mm:ss.000"

  /// Days since 1899-12-30, the time of day as a fraction; nil for what is no time as the reports write it, and before
  /// March 1900, where Excel knows a day that there never was.
  static func serial(_ text: String) -> Double? {
    guard let time = Timestamp(rfc3339: text), time.description == text else { return nil }
    return serial(time)
  }

  static func serial(_ time: Timestamp) -> Double? {
    let milliseconds = time.milliseconds + 25_569 * 86_400_000
    return milliseconds >= 61 * 86_400_000 ? Double(milliseconds) / 86_400_000 : nil
  }
}
