/// Lines that wait to be written, and the status line below them. A value: no thread, no descriptor, no time.
///
/// Its size is bounded. A line for which there is no room is counted, and a line in its place reports how many are missing.
struct LineQueue {
  /// Bytes that may wait or be under way.
  static let limit = 1_048_576
  /// Bytes in addition to these for lines that are not dispensable.
  static let reserve = 262_144
  /// Bytes that a pipe holds: with more, the reader is behind.
  private static let slowReader = 65_536
  /// Moves the cursor to the start of the terminal's line and clears the line.
  private static let erase = "\r\u{1B}[K"

  /// The text of the line that reports how many lines are missing.
  var lossText: @Sendable (_ count: Int) -> String = { "\($0) lines are missing here" }
  /// The line below all others, which the next one replaces; empty for none.
  var status = ""

  /// Whole lines.
  private var waiting: [UInt8] = []
  private var underWay: [UInt8] = []
  /// How many bytes of `underWay` end the line before.
  private var prefix = 0
  /// How many bytes of `underWay` were written.
  private var taken = 0
  /// The status line that is on the terminal when `underWay` is written.
  private var drawn = ""
  /// Lines that are missing and not reported yet.
  private var lost = 0
  /// Those that `underWay` reports.
  private var lostBefore = 0
  /// Whether the last byte that was written before a write failed is in the middle of a line.
  private var isInLine = false
  /// Whether the last write failed, so that the next one waits for the next line.
  private var hasFailed = false
  private var isClosed = false

  /// Bytes that are not written yet.
  var size: Int { waiting.count + underWay.count - taken }

  /// Whether the reader is slower than what is written.
  var isBehind: Bool { size > Self.slowReader }

  /// Whether ``take()`` returns anything.
  var hasWork: Bool { !isClosed && (!waiting.isEmpty || status != drawn || (lost > 0 && !hasFailed)) }

  /// Adds a line.
  ///
  /// - Parameter isDispensable: whether it is the first to be left out when the reader is slow.
  mutating func add(_ line: String, isDispensable: Bool) {
    guard !isClosed else { return }
    let room = Self.limit + (isDispensable ? 0 : Self.reserve) - size
    guard line.utf8.count < room || size == 0 else {
      lost += 1
      return
    }
    waiting += line.utf8
    waiting.append(UInt8(ascii: "\n"))
  }

  /// What is to be written next; nil for nothing. Until it is, ``advance(by:)`` and ``fail()`` are about it.
  mutating func take() -> [UInt8]? {
    guard hasWork else {
      underWay = []
      taken = 0
      return nil
    }
    var text: [UInt8] = isInLine ? [UInt8(ascii: "\n")] : []
    prefix = text.count
    if !drawn.isEmpty { text += Self.erase.utf8 }
    text += waiting
    if lost > 0 { text += (lossText(lost) + "\n").utf8 }
    text += status.utf8
    (underWay, taken, lostBefore) = (text, 0, lost)
    (waiting, lost, drawn, hasFailed) = ([], 0, status, false)
    return text
  }

  /// Takes note of bytes that were written.
  mutating func advance(by count: Int) {
    taken += count
    isInLine = false
  }

  /// Takes note that the rest can't be written.
  mutating func fail() {
    let newline = UInt8(ascii: "\n")
    let lines = underWay[max(taken, prefix)...].count { $0 == newline }
    // The last of these lines is the one that was to report the others.
    lost += lines > 0 && lostBefore > 0 ? lines - 1 + lostBefore : lines
    if taken > 0 { isInLine = underWay[taken - 1] != newline }
    hasFailed = true
    drawn = status
    (underWay, taken) = ([], 0)
  }

  /// Takes note that nobody will ever read, and drops everything.
  mutating func close() {
    self = LineQueue()
    isClosed = true
  }
}
