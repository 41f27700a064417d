/// How many of the projects that had an integration may have lost it before a run is held (`--max-gone`).
package enum GoneLimit: Hashable, Sendable, CustomStringConvertible {
  case projects(Int)
  case percent(Double)

  /// A run is never held by ``percent(_:)`` for fewer projects.
  package static let fewestByPercent = 10

  package static let standard = GoneLimit.percent(20)

  /// Reads `N` or `P%`, with P from 0 to 100; nil for anything else.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.allSatisfy({ "0123456789.%".utf8.contains($0) }) else { return nil }
    if text.hasSuffix("%") {
      guard let percent = Double(text.dropLast()), (0...100).contains(percent) else { return nil }
      self = .percent(percent)
    } else {
      guard let projects = Int(text) else { return nil }
      self = .projects(projects)
    }
  }

  package var description: String {
    switch self {
    case .projects(let number): String(number)
    case .percent(let percent) where percent == percent.rounded(): "\(Int(percent))%"
    case .percent(let percent): "\(percent)%"
    }
  }

  /// Whether no run is ever held.
  package var isUnlimited: Bool { self == .percent(100) }

  /// The lowest number of projects for which a run may be held.
  package var fewest: Int {
    switch self {
    case .projects(let number): number == .max ? .max : number + 1
    case .percent: Self.fewestByPercent
    }
  }

  /// Whether so many are too many.
  ///
  /// - Parameters:
  ///   - gone: projects that are without an integration now.
  ///   - had: projects that had one, those included.
  package func isExceeded(byGone gone: Int, of had: Int) -> Bool {
    guard gone >= fewest else { return false }
    return switch self {
    case .projects: true
    case .percent(let percent): Double(gone) * 100 > percent * Double(had)
    }
  }
}

/// Why a run is held: too many integrations have disappeared at once for that to be believed unseen.
package enum HeldReason: Hashable, Sendable, CustomStringConvertible {
  case gone(projects: Int, of: Int, limit: GoneLimit)
  /// There are no earlier answers to compare with, and no project has an integration.
  case noneFound(projects: Int)

  /// Projects without an integration.
  package var projects: Int {
    switch self {
    case .gone(let projects, _, _), .noneFound(let projects): projects
    }
  }

  /// One sentence, without its full stop.
  package var description: String {
    switch self {
    case .gone(let projects, let had, let limit):
      "\(projects) of the \(had) projects that had an integration no longer have one (limit: --max-gone \(limit))"
    case .noneFound(let projects):
      "none of the \(projects) projects answered has an integration, and there are no earlier answers to compare with"
    }
  }
}
