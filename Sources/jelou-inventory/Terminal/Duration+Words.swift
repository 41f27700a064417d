extension Duration {
  /// Rounded.
  var inMilliseconds: Int { Int((self / .milliseconds(1)).rounded()) }

  /// In the two largest units that say anything: `4.2 s`, `5 min 3 s`, `2 h 46 min`, `11 d 13 h`.
  var inWords: String {
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
