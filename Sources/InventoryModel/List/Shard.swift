/// One of the parts into which a list is divided among machines: part `number` of `count`.
package struct Shard: Hashable, Sendable, CustomStringConvertible {
  /// Parts that there may be.
  package static let countLimit = 10_000
  /// All of a list.
  package static let whole = Shard(uncheckedNumber: 1, of: 1)

  /// From 1 to ``count``.
  package let number: Int
  package let count: Int

  /// nil where there is no such part.
  package init?(number: Int, of count: Int) {
    guard (1...Self.countLimit).contains(count), (1...count).contains(number) else { return nil }
    self.init(uncheckedNumber: number, of: count)
  }

  /// Reads `I/N`; nil for anything else.
  package init?(_ text: String) {
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Self.number(String($0)) }
    guard numbers.count == 2, let number = numbers[0], let count = numbers[1] else { return nil }
    self.init(number: number, of: count)
  }

  private init(uncheckedNumber number: Int, of count: Int) {
    self.number = number
    self.count = count
  }

  package var isWhole: Bool { count == 1 }

  /// `I/N`
  package var description: String { "\(number)/\(count)" }

  /// A number of digits alone, without a sign; nil for anything else.
  package static func number(_ text: String) -> Int? {
    text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
  }
}
