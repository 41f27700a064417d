import Testing

@testable import jelou_inventory

@Suite("Lines that wait to be written")
struct LineQueueTests {
  private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

  private func queue(_ lines: String...) -> LineQueue {
    var queue = LineQueue()
    for line in lines { queue.add(line, isDispensable: false) }
    return queue
  }

  @Test("are written together, in order, and once")
  func order() {
    var queue = queue("one", "two")
    #expect(text(queue.take()) == "one\ntwo\n")
    queue.add("three", isDispensable: false)
    queue.advance(by: 8)
    #expect(text(queue.take()) == "three\n")
    queue.advance(by: 6)
    #expect(queue.take() == nil && !queue.hasWork && queue.size == 0)
  }

  @Test("stand above the status line, of which only the last one is written")
  func status() {
    var queue = queue()
    for number in 1...3 { queue.status = "status \(number)" }
    #expect(text(queue.take()) == "status 3")
    #expect(!queue.hasWork)
    queue.add("line", isDispensable: false)
    #expect(text(queue.take()) == "\r\u{1B}[Kline\nstatus 3")
    queue.status = ""
    #expect(text(queue.take()) == "\r\u{1B}[K")
    #expect(!queue.hasWork)
  }

  @Test("are left out when there is no room, the dispensable ones first, and reported when there is room again")
  func losses() {
    var queue = queue()
    queue.lossText = { "\($0) missing" }
    let line = String(repeating: "x", count: 1023)
    for _ in 0..<2000 { queue.add(line, isDispensable: true) }
    let kept = LineQueue.limit / 1024
    #expect(queue.size == kept * 1024 && queue.isBehind)
    for _ in 0..<300 { queue.add(line, isDispensable: false) }
    #expect(queue.size == kept * 1024 + LineQueue.reserve)
    let lost = 2000 - kept + 300 - LineQueue.reserve / 1024
    let first = text(queue.take())
    #expect(first?.hasSuffix("\n\(lost) missing\n") == true)
    // What is under way counts.
    queue.add(line, isDispensable: true)
    queue.advance(by: first?.utf8.count ?? 0)
    #expect(text(queue.take()) == "1 missing\n")
    #expect(queue.take() == nil)
    queue.add(line + line, isDispensable: true)
    #expect(text(queue.take()) == line + line + "\n")
  }

  @Test("that can't be written are counted, and the next begins a line of its own")
  func failure() {
    var queue = queue("one", "two", "three")
    queue.lossText = { "\($0) missing" }
    _ = queue.take()
    queue.advance(by: 5)
    queue.fail()
    #expect(!queue.hasWork, "a loss alone is not tried again")
    queue.add("four", isDispensable: false)
    #expect(text(queue.take()) == "\nfour\n2 missing\n")
    queue.fail()
    queue.add("five", isDispensable: false)
    #expect(text(queue.take()) == "\nfive\n3 missing\n")
    queue.advance(by: 1 + 5 + 10)
    #expect(queue.take() == nil)
  }

  @Test("are dropped once nobody will ever read them")
  func closed() {
    var queue = queue("one")
    _ = queue.take()
    queue.close()
    queue.add("two", isDispensable: false)
    queue.status = "status"
    #expect(queue.take() == nil && queue.size == 0)
  }
}
