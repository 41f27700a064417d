import Foundation
import Testing

extension Program {
  /// Runs to the end, and tells the most memory the process had at a time.
  ///
  /// - Returns: the peak of its resident memory in MiB, read until it ended (`VmHWM`, proc(5)).
  func peakMemory(_ arguments: [String], limit: Duration = .seconds(300)) async throws -> (peak: Int, ending: Ending) {
    let running = try start(arguments, limit: limit)
    let watch = Task {
      var peak = 0
      while !Task.isCancelled {
        let status = (try? String(contentsOfFile: "/proc/\(running.id)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        peak = max(peak, Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0)
        try? await Task.sleep(for: .milliseconds(5))
      }
      return peak
    }
    let ending = try await running.ending
    watch.cancel()
    return (await watch.value / 1024, ending)
  }
}
