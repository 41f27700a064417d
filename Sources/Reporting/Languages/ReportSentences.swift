import InventoryModel
import TextFormats

/// The sentences that several reports show about a run.
struct ReportSentences {
  let language: Language

  /// The rows that were answered, and what was found.
  func headline(_ outcomes: OutcomeCounts) -> String {
    language.word(
      "headline",
      [
        "answered_part": language.word(
          "headline_answered", count: outcomes.total, ["answered": language.number(outcomes.answered)]),
        "found_part": language.word("headline_found", count: outcomes[.found]),
        "not_found_part": language.word("headline_not_found", count: outcomes[.notFound]),
      ])
  }

  /// Why a run is held.
  func reason(_ held: HeldReason) -> String {
    switch held {
    case .gone(let projects, let had, let limit):
      language.word(
        "held_gone",
        [
          "had_part": language.word("held_had_part", count: had),
          "gone_part": language.word("held_gone_part", count: projects), "limit": limit.description,
        ])
    case .noneFound(let projects): language.word("held_none", count: projects)
    }
  }

  /// What to do about a held run.
  func advice(heldRun run: Int64) -> String { language.word("held_advice", ["run": String(run)]) }

  /// Why a run has no changes to show; nil if rows were compared.
  func whyNoChanges(_ run: ReportedRun) -> String? {
    guard run.overview.previousRun == nil else { return nil }
    return language.word(run.record.held == nil ? "changes_first" : "changes_held")
  }

  func list(_ path: String) -> String { path == "-" ? language.word("standard_input") : path }
}
