/// The plural forms of a language, named as in the Unicode CLDR
/// (<https://www.unicode.org/reports/tr35/tr35-numbers.html#Language_Plural_Rules>).
enum PluralForm: String, CaseIterable, Sendable {
  case zero, one, two, few, many, other
}

/// Chooses the plural form for a number. A language file states a rule for each form except `other`, which applies when
/// no rule matches.
struct PluralRules: Hashable, Sendable {
  /// The rules of a file that states none: `one` for 1.
  static let standard = PluralRules(rules: [
    Rule(form: .one, alternatives: [[Relation(operand: .number, modulus: nil, isEqual: true, ranges: [1...1])]])
  ])

  private var rules: [Rule] = []

  private init(rules: [Rule]) {
    self.rules = rules
  }

  init() {}

  /// The forms that a text with a number needs.
  var forms: [PluralForm] { rules.map(\.form) + [.other] }

  func form(_ number: Int) -> PluralForm { rules.first { $0.matches(number) }?.form ?? .other }

  /// Adds a rule after the existing ones.
  ///
  /// - Parameter text: A condition in the syntax of the CLDR, such as `n % 10 = 2..4 and n % 100 != 12..14`.
  /// - Returns: Whether the condition could be parsed.
  mutating func add(_ form: PluralForm, _ text: String) -> Bool {
    var parser = ConditionParser(text)
    guard let alternatives = parser.condition() else { return false }
    rules.append(Rule(form: form, alternatives: alternatives))
    return true
  }

  fileprivate struct Rule: Hashable {
    let form: PluralForm
    /// The rule matches if all relations of one alternative hold.
    let alternatives: [[Relation]]

    func matches(_ number: Int) -> Bool { alternatives.contains { $0.allSatisfy { $0.holds(for: number) } } }
  }

  fileprivate struct Relation: Hashable {
    /// The absolute value, or one of the values that describe fractions and exponents, which whole numbers don't have.
    enum Operand { case number, zero }

    let operand: Operand
    let modulus: Int?
    let isEqual: Bool
    let ranges: [ClosedRange<Int>]

    func holds(for number: Int) -> Bool {
      let magnitude = operand == .zero ? 0 : Int(clamping: number.magnitude)
      let value = modulus.map { magnitude % $0 } ?? magnitude
      return ranges.contains { $0.contains(value) } == isEqual
    }
  }
}

/// Parses a condition of the CLDR: relations joined by `and`, and alternatives joined by `or`.
private struct ConditionParser {
  private var rest: Substring.UnicodeScalarView

  init(_ text: String) {
    rest = text.unicodeScalars[...]
  }

  /// nil if the text is not a condition.
  mutating func condition() -> [[PluralRules.Relation]]? {
    var alternatives: [[PluralRules.Relation]] = [[]]
    while true {
      guard let relation = relation() else { return nil }
      alternatives[alternatives.count - 1].append(relation)
      if take("and") { continue }
      if take("or") {
        alternatives.append([])
        continue
      }
      return rest.isEmpty ? alternatives : nil
    }
  }

  private mutating func relation() -> PluralRules.Relation? {
    let operand: PluralRules.Relation.Operand
    if take("n") || take("i") {
      operand = .number
    } else if ["v", "w", "f", "t", "c", "e"].contains(where: { take($0) }) {
      operand = .zero
    } else {
      return nil
    }
    var modulus: Int?
    if take("%") {
      guard let number = number(), number > 0 else { return nil }
      modulus = number
    }
    let isEqual = !take("!=")
    guard !isEqual || take("=") else { return nil }
    var ranges: [ClosedRange<Int>] = []
    repeat {
      guard let first = number() else { return nil }
      guard take("..") else {
        ranges.append(first...first)
        continue
      }
      guard let last = number(), last >= first else { return nil }
      ranges.append(first...last)
    } while take(",")
    return PluralRules.Relation(operand: operand, modulus: modulus, isEqual: isEqual, ranges: ranges)
  }

  private mutating func number() -> Int? {
    let digits = rest.prefix { ("0"..."9").contains($0) }
    guard let number = Int(String(digits)) else { return nil }
    rest.removeFirst(digits.count)
    skipSpaces()
    return number
  }

  /// Removes the text from the beginning; returns whether it was there.
  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.unicodeScalars) else { return false }
    rest.removeFirst(text.unicodeScalars.count)
    skipSpaces()
    return true
  }

  private mutating func skipSpaces() { rest = rest.drop { $0 == " " } }
}
