import Collecting
import Foundation
import InventoryModel
import Testing

@testable import jelou_inventory

@Suite("The progress of a run as text")
struct ProgressTextTests {
  /// A run that has been at work for ten seconds.
  ///
  /// - Parameter rate: requests and rows per second.
  private static func text(
    done: Int, of total: Int, rate: Int = 12, failed: Int = 0, refused: Int = 0, waiting: Int = 0, inFlight: Int = 8,
    lowered: Double? = nil
  ) -> ProgressText {
    var progress = CollectingProgress()
    progress.outcomes[.found] = done - failed - refused
    progress.outcomes[.failed] = failed
    progress.outcomes[.unauthorized] = refused
    (progress.waiting, progress.inFlight, progress.loweredRate) = (waiting, inFlight, lowered)
    var meter = RateMeter(settledBefore: 0)
    meter.add(requests: 0, settled: 0, at: .zero)
    meter.add(requests: rate * 10, settled: rate * 10, at: .seconds(10))
    return ProgressText(progress, total: total, meter: meter)
  }

  private static let texts = [
    text(done: 46, of: 118),
    text(done: 46, of: 118, failed: 2, refused: 1, waiting: 3),
    text(done: 0, of: 118, rate: 0),
    text(done: 118, of: 118),
    text(done: 1_234_567, of: 98_765_432, rate: 1234, failed: 1234, refused: 567, waiting: 9876, lowered: 612.5),
    text(done: 12_345, of: 98_765, rate: 2, failed: 12, inFlight: 128, lowered: 0.4),
  ]

  @Test("no part of the line is cut, at any width from 20 to 200", arguments: texts.indices)
  func widths(index: Int) {
    let text = Self.texts[index]
    let whole = Set(text.line(width: 1000).components(separatedBy: "  "))
    for width in 20...200 {
      let line = text.line(width: width)
      #expect(line.count <= width)
      for part in line.components(separatedBy: "  ") {
        // The bar, the percentage and the sum of the problems depend on the width.
        let isShort = part.hasSuffix(" unanswered") || part == "\(text.progress.outcomes.total)/\(text.total)"
        let isCount = part.contains("/\(text.total)") && (part.hasSuffix("%") || isShort)
        #expect(whole.contains(part) || isShort || isCount, "\(width): \(line)")
      }
      #expect(line.contains("\(text.progress.outcomes.total)/\(text.total)"), "\(width): \(line)")
    }
  }

  @Test("the line has all parts that fit, the most important ones first")
  func parts() {
    let text = Self.texts[1]
    #expect(
      text.line(width: 200)
        == "[#######.............] 46/118 38%  12/s  6 s left  1 unauthorized  2 failed  3 to retry  8 in flight")
    #expect(text.line(width: 79) == "46/118 38%  12/s  6 s left  1 unauthorized  2 failed  3 to retry  8 in flight")
    #expect(text.line(width: 39) == "46/118  12/s  6 s left  3 unanswered")
    #expect(text.line(width: 20) == "46/118 38%  6 s left")
  }

  @Test("at 40 columns, the line shows the time left, even for a hundred million rows")
  func timeLeft() {
    for (text, left) in [(Self.texts[0], "6 s left"), (Self.texts[4], "21 h 57 min left")] {
      #expect(text.line(width: 39).contains(left), "\(text.line(width: 39))")
    }
  }

  @Test("without a terminal, progress is a sentence")
  func sentences() {
    #expect(Self.texts[0].sentence == "46 of 118, 12/s, about 6 s left")
    #expect(
      Self.texts[1].sentence == "46 of 118, 12/s, about 6 s left, 1 unauthorized, 2 failed, 3 waiting to retry")
    #expect(Self.texts[2].sentence == "0 of 118, 0/s, 8 in flight")
    #expect(Self.texts[3].sentence == "118 of 118, 12/s")
    #expect(
      Self.texts[5].sentence
        == "12345 of 98765, 2.0/s, limited to 0.4/s by the gateway, about 12 h 0 min left, 12 failed")
  }
}

@Suite("Text in columns")
struct TextLayoutTests {
  private static let text =
    "1 credential-unknown (pampa, caribe, andes, …): add them to --credentials FILE, then run again with --retry-failed"

  @Test("no word is cut at any width, and no word is lost", arguments: 20...200)
  func words(width: Int) {
    let lines = TextLayout(width: width).lines(Self.text, start: "No answer  ", indent: 4)
    for line in lines.dropFirst() { #expect(line.hasPrefix("    ") && !line.hasPrefix("     ")) }
    for line in lines where line.count > width {
      #expect(line.split(separator: " ").count == 1, "\(line)")
    }
    let words = lines.flatMap { $0.split(separator: " ") }
    #expect(words == ("No answer  " + Self.text).split(separator: " "))
  }

  @Test("a line is as long as its text where the width is not known")
  func noWidth() {
    #expect(TextLayout(width: nil).lines(Self.text, start: "  ", indent: 4) == ["  " + Self.text])
  }
}
