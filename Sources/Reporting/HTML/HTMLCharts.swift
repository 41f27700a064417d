import InventoryModel
import TextFormats

/// The page's charts. Each is a table of labels and numbers with one bar per row, so that its content is also available
/// as text.
struct HTMLCharts {
  let overview: RunOverview
  let language: Language

  var all: [TemplateValues] { [outcomes, severities, hosts, ages, authTypes] + (history.map { [$0] } ?? []) }

  /// Returns the segments of a bar that shows the outcomes, in percent of the bar's full length.
  ///
  /// - Parameter length: The length of the bar as a fraction of the full length, up to 1.
  static func segments(of outcomes: OutcomeCounts, length: Double = 1) -> [TemplateValues] {
    let counts = [
      ("found", outcomes[.found]), ("not_found", outcomes[.notFound]), ("failed", outcomes.total - outcomes.answered),
    ]
    var x = 0.0
    return counts.filter { $0.1 > 0 }.map { tone, count in
      let width = 100 * length * Double(count) / Double(max(1, outcomes.total))
      defer { x += width }
      return segment(tone: tone, x: x, width: width)
    }
  }

  private struct Bar {
    var label: String
    var count: Int
    var tone: String
    var filter: RowFilter?
  }

  private var outcomes: TemplateValues {
    chart(
      "by_outcome",
      Outcome.allCases.map {
        Bar(
          label: language.word("outcome_\($0.rawValue)"), count: overview.outcomes[$0], tone: $0.rawValue,
          filter: .outcome($0))
      })
  }

  private var severities: TemplateValues {
    chart(
      "by_severity",
      Severity.allCases.map {
        Bar(
          label: language.word("severity_\($0.rawValue)"), count: overview.findings[$0], tone: $0.rawValue,
          filter: .severity($0))
      })
  }

  private var hosts: TemplateValues {
    chart(
      "by_host", overview.hosts, absent: "unreadable_host", others: "other_hosts",
      filter: { RowFilter.host($0) })
  }

  private var ages: TemplateValues {
    let bars = RunOverview.UpdateAge.allCases.compactMap { age -> Bar? in
      let count = overview.ages[age] ?? 0
      if count == 0, age == .unreadable { return nil }
      return Bar(
        label: language.word("age_\(age.rawValue)"), count: count, tone: age == .unreadable ? "rest" : "link")
    }
    return chart("by_age", overview.ages.isEmpty ? [] : bars)
  }

  private var authTypes: TemplateValues {
    chart("by_auth", overview.authTypes, absent: "no_auth_type", others: "other_types", filter: { _ in nil })
  }

  /// nil if there is no earlier run.
  private var history: TemplateValues? {
    guard overview.history.count > 1 else { return nil }
    let most = overview.history.map(\.outcomes.total).max() ?? 1
    var chart = TemplateValues()
    chart.set("id", "by_run")
    chart.set("title", language.word("by_run"))
    chart.set("about", language.word("legend"))
    chart.set(
      "rows",
      overview.history.map { run in
        var row = TemplateValues()
        row.set("label", "\(run.id): \(language.date(run.startedAt))")
        row.set("count", language.number(run.outcomes.total))
        row.set("share", language.share(run.outcomes.answered, of: run.outcomes.total))
        row.set(
          "segments",
          Self.segments(of: run.outcomes, length: Double(run.outcomes.total) / Double(max(1, most))))
        return row
      })
    return chart
  }

  private func chart(
    _ id: String, _ ranking: RunOverview.Ranking, absent: String, others: String, filter: (String) -> RowFilter?
  ) -> TemplateValues {
    var bars = ranking.entries.map { entry in
      Bar(
        label: entry.value?.visible ?? language.word(absent), count: entry.rows,
        tone: entry.value == nil ? "rest" : "link", filter: entry.value.flatMap(filter))
    }
    if ranking.otherRows > 0 {
      bars.append(
        Bar(
          label: language.word(others, count: ranking.otherValues), count: ranking.otherRows,
          tone: "rest"))
    }
    return chart(id, bars)
  }

  private func chart(_ id: String, _ bars: [Bar]) -> TemplateValues {
    let (total, most) = (bars.reduce(0) { $0 + $1.count }, bars.map(\.count).max() ?? 0)
    var chart = TemplateValues()
    chart.set("id", id)
    chart.set("title", language.word(id))
    chart.set("is_empty", total == 0)
    guard total > 0 else { return chart }
    chart.set(
      "rows",
      bars.map { bar in
        var row = TemplateValues()
        row.set("label", bar.label)
        row.set("count", language.number(bar.count))
        row.set("share", language.share(bar.count, of: total))
        row.set("zero", bar.count == 0)
        if bar.count > 0 {
          if let filter = bar.filter { row.set("href", filter.href) }
          row.set("segments", [Self.segment(tone: bar.tone, x: 0, width: 100 * Double(bar.count) / Double(most))])
        }
        return row
      })
    return chart
  }

  private static func segment(tone: String, x: Double, width: Double) -> TemplateValues {
    var segment = TemplateValues()
    segment.set("tone", tone)
    segment.set("x", hundredths(x))
    // Keeps every nonzero value visible.
    segment.set("width", hundredths(max(0.5, width)))
    return segment
  }

  private static func hundredths(_ number: Double) -> String {
    let hundredths = Int((number * 100).rounded())
    let rest = hundredths % 100
    return rest == 0 ? String(hundredths / 100) : "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
