/// Makes names unique for use as keys: the second of two equal names gets the suffix `_2`, the third `_3`.
package enum UniqueNames {
  /// The names in the same order, each occurring once.
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
