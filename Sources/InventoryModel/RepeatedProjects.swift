/// The projects of which a list may have more than one row, found while it is read, in memory that hardly grows with it.
package struct RepeatedProjects: Sendable {
  /// Beyond so many, they may be any.
  private static let limit = 10_000

  private var filter = RepetitionFilter()
  /// Nearly all of them have several rows; nil for any.
  package private(set) var projects: [String]? = []

  package init() {}

  package mutating func note(_ project: String) {
    guard filter.mayRepeat(project) else { return }
    projects?.append(project)
    if projects?.count == Self.limit { projects = nil }
  }
}
