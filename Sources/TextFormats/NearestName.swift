/// Finds what somebody may have meant by a name that does not exist.
package enum NearestName {
  /// `; did you mean NAME?`, or nothing when no name is near.
  package static func hint(for name: String, among names: [String]) -> String {
    nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
  }

  /// - Returns: nil when no name is nearer than a third of its length, and none begins with what was written.
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

/// How far two names are apart.
package enum EditDistance {
  /// Insertions, removals, replacements and swaps of neighbors that turn one into the other (optimal string alignment).
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
