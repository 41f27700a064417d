import Gateway
import InventoryModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Timestamp {
  /// For whoever has to come back then: `2026-12-01T02:06:40.000Z (Tue 1 Dec 03:06 local time, in 11 h 6 min)`.
  var inWords: String {
    var seconds = time_t(milliseconds / 1000)
    var local = tm()
    localtime_r(&seconds, &local)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let clock = [local.tm_hour, local.tm_min].map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":")
    let date = "\(days[Int(local.tm_wday)]) \(local.tm_mday) \(months[Int(local.tm_mon)]) \(clock) local time"
    let wait = Duration.milliseconds(milliseconds - Timestamp.now.milliseconds)
    return wait > .zero ? "\(self) (\(date), in \(wait.inWords))" : "\(self) (\(date))"
  }
}
