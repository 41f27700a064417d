/// Suggests an existing name in place of an unknown one.
package enum NearestName {
  /// `; did you mean NAME?`, or an empty string if no name is similar.
  package static func hint(for name: String, among names: [String]) -> String {
    nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
  }

  /// - Returns: the most similar name; nil if its edit distance is more than one and more than a third of its length,
  ///   and no name begins with an input of three characters or more.
  package static func nearest(to name: String, among names: [String]) -> String? {
    let name = normal(name)
    let distances = names.map { (name: $0, distance: EditDistance.between(name, normal($0))) }
    guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    if best.distance <= max(1, best.name.count / 3) { return best.name }
    return name.count < 3 ? nil : names.first { normal($0).starts(with: name) }
  }

  private static func normal(_ name: String) -> [Character] {
    Array(name.lowercased().replacing("_", with: "-"))
  }
}

/// The edit distance between two names.
package enum EditDistance {
  /// The number of insertions, deletions, replacements and swaps of adjacent characters that turn one name into the
  /// other (optimal string alignment).
  package static func between(_ one: [Character], _ other: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...other.count)
    for i in one.indices {
      var row = [i + 1]
      for j in other.indices {
        var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (one[i] == other[j] ? 0 : 1))
        if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[other.count]
  }
}
