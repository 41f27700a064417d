/// Names as keys: the second of two equal names gets `_2`, the third `_3`.
package enum UniqueNames {
  /// In the same order, each name once.
  package static func of(_ names: [String]) -> [String] {
    var taken: Set<ExactText> = []
    return names.map { name in
      var unique = name
      var copy = 2
      while !taken.insert(ExactText(unique)).inserted {
        unique = "\(name)_\(copy)"
        copy += 1
      }
      return unique
    }
  }
}
