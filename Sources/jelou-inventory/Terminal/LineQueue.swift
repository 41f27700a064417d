/// A bounded queue of lines to write, and the status line below them. A pure value: no thread, no file descriptor, no
/// clock.
///
/// A line that doesn't fit is dropped and counted. A line in its place reports how many are missing.
struct LineQueue {
  /// The maximum number of queued bytes, including those in the current write.
  static let limit = 1_048_576
  /// Additional bytes for lines that are not dispensable.
  static let reserve = 262_144
  /// The capacity of a pipe in bytes. If more bytes are unwritten, the reader is behind.
  private static let slowReader = 65_536
  /// Moves the cursor to the start of the terminal's line and clears the line.
  private static let erase = "\r\u{1B}[K"

  /// The text of the line that reports how many lines are missing.
  var lossText: @Sendable (_ count: Int) -> String = { "\($0) lines are missing here" }
  /// The status line below all other lines. A new status line replaces it; empty for none.
  var status = ""

  /// Complete lines that are not in the current write.
  private var waiting: [UInt8] = []
  private var underWay: [UInt8] = []
  /// The number of bytes at the start of `underWay` that end a partially written line.
  private var prefix = 0
  /// The number of bytes of `underWay` that were written.
  private var taken = 0
  /// The status line that is on the terminal after `underWay` is written.
  private var drawn = ""
  /// The number of missing lines that are not reported yet.
  private var lost = 0
  /// The number of missing lines that `underWay` reports.
  private var lostBefore = 0
  /// Whether a failed write ended in the middle of a line.
  private var isInLine = false
  /// Whether the last write failed. The next write then waits for a new line.
  private var hasFailed = false
  private var isClosed = false

  /// The number of bytes that are not written yet.
  var size: Int { waiting.count + underWay.count - taken }

  /// Whether the reader is slower than the writer.
  var isBehind: Bool { size > Self.slowReader }

  /// Whether ``take()`` returns something to write.
  var hasWork: Bool { !isClosed && (!waiting.isEmpty || status != drawn || (lost > 0 && !hasFailed)) }

  /// Adds a line, or drops it if it doesn't fit.
  ///
  /// - Parameter isDispensable: whether the line is among the first to be dropped when the reader is slow.
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

  /// Returns the bytes to write next; nil when there are none.
  ///
  /// Until the next call, ``advance(by:)`` and ``fail()`` refer to these bytes.
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

  /// Records that bytes were written.
  mutating func advance(by count: Int) {
    taken += count
    isInLine = false
  }

  /// Records that the rest can't be written.
  mutating func fail() {
    let newline = UInt8(ascii: "\n")
    let lines = underWay[max(taken, prefix)...].count { $0 == newline }
    // The last of these lines is the report about lines that were missing before. Count those lines instead of it.
    lost += lines > 0 && lostBefore > 0 ? lines - 1 + lostBefore : lines
    if taken > 0 { isInLine = underWay[taken - 1] != newline }
    hasFailed = true
    drawn = status
    (underWay, taken) = ([], 0)
  }

  /// Records that the reader is gone, and drops everything.
  mutating func close() {
    self = LineQueue()
    isClosed = true
  }
}
