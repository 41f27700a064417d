import InventoryModel

/// Finds what somebody may have meant by a name that does not exist.
enum NearestName {
  /// `; did you mean NAME?`, or nothing when no name is near.
  static func hint(for name: String, among names: [String]) -> String {
    nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
  }

  /// - Returns: nil when no name is nearer than a third of its length, and none begins with what was written.
  static func nearest(to name: String, among names: [String]) -> String? {
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
