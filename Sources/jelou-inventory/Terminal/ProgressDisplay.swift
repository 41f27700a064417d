import Collecting
import InventoryModel
import Logging

/// Shows the progress of a run.
struct ProgressDisplay: Sendable {
  enum Style: Sendable {
    /// One line that is redrawn.
    case bar
    /// A new line every few seconds.
    case plain
    case none

    fileprivate var interval: Duration {
      switch self {
      case .bar: .milliseconds(200)
      case .plain, .none: .seconds(5)
      }
    }
  }

  let style: Style
  let format: LogFormat
  /// The number of rows in the list.
  let total: Int
  let board: ProgressBoard
  let console: Console
  let logger: Logger

  /// Runs the operation while it shows progress, and removes the status line at the end.
  func showing<Value: Sendable>(_ operation: @escaping @Sendable () async throws -> Value) async throws -> Value {
    guard style != .none else { return try await operation() }
    return try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask {
        await show()
        return nil
      }
      group.addTask { try await operation() }
      defer { group.cancelAll() }
      while let end = try await group.next() {
        if let end { return end }
      }
      throw CancellationError()
    }
  }

  private func show() async {
    defer { console.clearStatus() }
    let start = ContinuousClock.now
    var meter = RateMeter(settledBefore: board.current.outcomes.total)
    while !Task.isCancelled {
      let now = board.current
      meter.add(requests: now.requests, settled: now.outcomes.total, at: start.duration(to: .now))
      let text = ProgressText(now, total: total, meter: meter)
      switch style {
      case .bar: console.setStatus(text.line(width: console.width - 1))
      // If the reader is behind, skip the line: it would be out of date when read.
      case .plain where meter.hasHistory && !console.isBehind:
        switch format {
        case .text: console.line(text.sentence)
        case .json: logger.notice("progress", metadata: text.fields)
        }
      case .plain, .none: break
      }
      try? await Task.sleep(for: style.interval)
    }
  }
}

/// Requests and rows per second over the last few seconds.
struct RateMeter: Sendable {
  private static let window = Duration.seconds(10)

  private var samples: [(time: Duration, requests: Int, settled: Int)] = []
  private let settledBefore: Int

  /// - Parameter settledBefore: the number of rows that were already settled without a request.
  init(settledBefore: Int) {
    self.settledBefore = settledBefore
  }

  var hasHistory: Bool { samples.count > 1 }

  mutating func add(requests: Int, settled: Int, at time: Duration) {
    samples.append((time, requests, settled))
    while samples.count > 2, samples[1].time < time - Self.window { samples.removeFirst() }
  }

  /// The current requests per second; nil while unknown.
  var requestRate: Double? { rate(of: \.requests) }

  /// Seconds until `left` rows are settled at the current rate; nil when the rate is zero or unknown.
  func secondsLeft(for left: Int) -> Int? {
    guard let rate = rate(of: \.settled), rate > 0 else { return nil }
    let seconds = Double(left) / rate
    return seconds < 1e9 ? Int(seconds.rounded(.up)) : nil
  }

  private func rate(of value: KeyPath<(time: Duration, requests: Int, settled: Int), Int>) -> Double? {
    guard let first = samples.first, let last = samples.last, last.time > first.time else { return nil }
    return Double(last[keyPath: value] - first[keyPath: value]) / ((last.time - first.time) / .seconds(1))
  }
}
