import Auditing
import InventoryModel
import TextFormats

/// The content of the page above and below its table.
struct HTMLPage {
  let run: ReportedRun
  let options: HTMLOptions
  /// Name of the CSV report in the same folder; nil if there is none.
  let csvFile: String?

  private var language: Language { options.language }
  private var sentences: ReportSentences { ReportSentences(language: language) }
  private var record: RunRecord { run.record }
  private var overview: RunOverview { run.overview }

  var values: TemplateValues {
    var values = TemplateValues()
    values.set("language", language.code)
    values.set("words", language.values)
    values.set("generator", generator)
    values.set("csp", ContentSecurityPolicy.value(style: options.templates.style, script: options.templates.script))
    values.set("style", options.templates.style)
    values.set("script", options.templates.script)
    values.set("title", language.word("title"))
    values.set("list_name", listName)
    values.set(
      "run_line",
      language.word(
        "run_line",
        ["run": String(record.id), "date": language.dateAndTime(record.startedAt), "list": listName.isolated]))
    addHeld(to: &values)
    addSummary(to: &values)
    values.set("attention", HTMLAttention(overview: overview, language: language).items)
    addChanges(to: &values)
    values.set("charts", HTMLCharts(overview: overview, language: language).all)
    values.set("facts", HTMLFacts(record: record, credential: overview.onlyCredential, language: language).items)
    addTable(to: &values)
    values.set("footer", language.word("footer", ["program": generator]))
    return values
  }

  private var generator: String { "jelou-inventory \(record.version)" }

  private var listName: String {
    let path = record.listPath
    if path == "-" { return sentences.list(path) }
    return (path.split(separator: "/").last.map(String.init) ?? path).visible
  }

  /// Adds the reason why a held run is not part of the history; adds nothing for any other run.
  private func addHeld(to values: inout TemplateValues) {
    guard let reason = record.held else { return }
    var held = TemplateValues()
    held.set("title", language.word("held_title"))
    held.set("text", sentences.reason(reason) + " " + sentences.advice(heldRun: record.id))
    values.set("held", held)
  }

  // MARK: - Summary

  private func addSummary(to values: inout TemplateValues) {
    let outcomes = overview.outcomes
    let unanswered = outcomes.total - outcomes.answered
    values.set("headline", sentences.headline(outcomes))
    if unanswered > 0 { values.set("headline_open", language.word("headline_open", count: unanswered)) }
    values.set(
      "headline_projects", language.word("headline_projects", ["projects": language.number(overview.projects)]))
    let tiles: [(tone: String, label: String, count: Int, filter: RowFilter?)] = [
      ("rows", "tile_rows", outcomes.total, nil), ("found", "tile_found", outcomes[.found], .outcome(.found)),
      ("not_found", "tile_not_found", outcomes[.notFound], .outcome(.notFound)),
      ("failed", "tile_unanswered", unanswered, .unanswered),
    ]
    values.set(
      "tiles",
      tiles.map { tile in
        var item = TemplateValues()
        item.set("tone", tile.tone)
        item.set("label", language.word(tile.label))
        item.set("count", language.number(tile.count))
        if let filter = tile.filter {
          item.set("share", language.share(tile.count, of: outcomes.total))
          if tile.count > 0 { item.set("href", filter.href) }
        }
        item.set("zero", tile.count == 0)
        return item
      })
    values.set("overall", HTMLCharts.segments(of: outcomes))
  }

  // MARK: - Changes

  private func addChanges(to values: inout TemplateValues) {
    if let why = sentences.whyNoChanges(run) { values.set("changes_first", why) }
    guard let previous = overview.previousRun else { return }
    values.set(
      "changes_since",
      language.word("changes_since", ["run": String(previous.id), "date": language.date(previous.startedAt)]))
    var items = Change.byUrgency.map { change in
      item(
        tone: "change-\(change.rawValue)", label: "change_\(change.rawValue)", about: "change_about_\(change.rawValue)",
        count: overview.changes[change], href: RowFilter.change(change).href)
    }
    items.append(
      item(
        tone: "change-unlisted", label: "change_unlisted", about: "change_about_unlisted",
        count: overview.changes.unlisted, href: "#unlisted"))
    values.set("changes", items)
    guard overview.changes.unlisted > 0 else { return }
    var unlisted = TemplateValues()
    unlisted.set("count", language.number(overview.changes.unlisted))
    unlisted.set(
      "rows",
      overview.unlisted.map { project in
        var item = TemplateValues()
        item.set("id", project.projectID.visible)
        if let last = project.lastGood {
          item.set("last_url", last.webhookURL?.visible ?? language.word("last_good_none"))
          item.set("last_at", Timestamp(rfc3339: last.at).map(language.date) ?? last.at.visible)
        }
        return item
      })
    let more = overview.changes.unlisted - overview.unlisted.count
    if more > 0 { unlisted.set("text", language.word("unlisted_more", count: more)) }
    values.set("unlisted", unlisted)
  }

  private func item(tone: String, label: String, about: String, count: Int, href: String) -> TemplateValues {
    var item = TemplateValues()
    item.set("tone", tone)
    item.set("label", language.word(label))
    item.set("about", language.word(about))
    item.set("count", language.number(count))
    if count > 0 { item.set("href", href) }
    item.set("zero", count == 0)
    return item
  }

  // MARK: - Table

  private func addTable(to values: inout TemplateValues) {
    values.set(
      "input_columns",
      record.inputColumns.map { name in
        var column = TemplateValues()
        column.set("name", name.visible)
        return column
      })
    values.set(
      "further_columns",
      HTMLRow.furtherFields.map { field in
        var column = TemplateValues()
        column.set("name", field.column)
        return column
      })
    if overview.onlyCredential == nil { values.set("credential_column", true) }
    // The script fills in the number of these rows that match a filter.
    values.set("shown", language.word("shown", count: run.linesInPage?.count ?? record.listRows))
    values.set("caption", language.word("caption", ["list": listName.isolated]))
    values.set("outcomes", Outcome.allCases.map { choice($0.rawValue, "outcome_\($0.rawValue)") })
    values.set("severities", Severity.allCases.map { choice($0.rawValue, "severity_\($0.rawValue)") })
    values.set(
      "rules",
      Rule.all.map(\.rule).filter { overview.rules[$0] != nil }.map { choice($0.name, "rule_\($0.name)") })
    values.set(
      "change_kinds",
      overview.previousRun == nil
        ? [] : Change.allCases.map { choice($0.rawValue, "change_\($0.rawValue)") })
    guard let shown = run.linesInPage?.count else { return }
    var capped = TemplateValues()
    capped.set("text", language.word("capped", count: record.listRows, ["shown": language.number(shown)]))
    if let csvFile { capped.set("csv", language.word("capped_csv", ["file": csvFile])) }
    values.set("capped", capped)
  }

  private func choice(_ code: String, _ word: String) -> TemplateValues {
    var choice = TemplateValues()
    choice.set("code", code)
    choice.set("label", language.word(word))
    return choice
  }
}

extension Change {
  /// The changes in order of urgency for a reader.
  static let byUrgency: [Change] = [.gone, .changed, .added, .new, .unknown, .unchanged]
}

extension String {
  /// The text in Unicode directional isolates, so that text of any direction does not reorder the sentence around it.
  var isolated: String { "\u{2068}\(self)\u{2069}" }
}
