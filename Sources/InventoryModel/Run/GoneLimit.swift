/// The number or percentage of projects that may lose their integration before a run is held (`--max-gone`).
package enum GoneLimit: Hashable, Sendable, CustomStringConvertible {
  case projects(Int)
  case percent(Double)

  /// ``percent(_:)`` never holds a run that has fewer lost integrations than this.
  package static let fewestByPercent = 10

  package static let standard = GoneLimit.percent(20)

  /// Parses `N` or `P%`, with P from 0 to 100; nil for any other text.
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

  /// The lowest number of lost integrations for which a run may be held.
  package var fewest: Int {
    switch self {
    case .projects(let number): number == .max ? .max : number + 1
    case .percent: Self.fewestByPercent
    }
  }

  /// Whether the number of lost integrations exceeds the limit.
  ///
  /// - Parameters:
  ///   - gone: The number of projects that have lost their integration.
  ///   - had: The number of projects that had an integration before, including those.
  package func isExceeded(byGone gone: Int, of had: Int) -> Bool {
    guard gone >= fewest else { return false }
    return switch self {
    case .projects: true
    case .percent(let percent): Double(gone) * 100 > percent * Double(had)
    }
  }
}

/// Why a run is held: so many integrations disappeared at once that a person must review the result.
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

  /// One sentence without the final period.
  package var description: String {
    switch self {
    case .gone(let projects, let had, let limit):
      "\(projects) of the \(had) projects that had an integration no longer have one (limit: --max-gone \(limit))"
    case .noneFound(let projects):
      "none of the \(projects) projects answered has an integration, and there are no earlier answers to compare with"
    }
  }
}
