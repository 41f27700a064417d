/// One of the parts into which a list is divided among several machines: part `number` of `count`.
package struct Shard: Hashable, Sendable, CustomStringConvertible {
  /// Maximum number of parts.
  package static let countLimit = 10_000
  /// The whole list as a single part.
  package static let whole = Shard(uncheckedNumber: 1, of: 1)

  /// From 1 to ``count``.
  package let number: Int
  package let count: Int

  /// Creates part `number` of `count`; nil if there is no such part.
  package init?(number: Int, of count: Int) {
    guard (1...Self.countLimit).contains(count), (1...count).contains(number) else { return nil }
    self.init(uncheckedNumber: number, of: count)
  }

  /// Parses `I/N`; nil for any other text.
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

  /// Parses a number that consists of digits only, without a sign; nil for any other text.
  package static func number(_ text: String) -> Int? {
    text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
  }
}
