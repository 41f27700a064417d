import InventoryModel

/// The items that need attention, most urgent first: rows without an answer, then findings. Lost integrations follow
/// the findings of high severity.
struct HTMLAttention {
  let overview: RunOverview
  let language: Language

  var items: [TemplateValues] {
    unanswered + rules(.high) + gone + rules(.medium) + rules(.low)
  }

  private var unanswered: [TemplateValues] { notTheGateway + unansweredByOutcome }

  private var notTheGateway: [TemplateValues] {
    guard overview.notTheGateway > 0 else { return [] }
    return [
      item(
        tone: Outcome.invalidResponse.rawValue, kind: "no_answer", text: "not_the_gateway",
        code: ErrorCode.notTheGateway.rawValue, count: overview.notTheGateway, filter: .outcome(.invalidResponse))
    ]
  }

  private var unansweredByOutcome: [TemplateValues] {
    Outcome.allCases.filter { !$0.isAnswer && overview.outcomes[$0] > 0 }
      // If all of these rows are in the item above, they are not listed again.
      .filter { $0 != .invalidResponse || overview.outcomes[$0] > overview.notTheGateway }
      .sorted { overview.outcomes[$0] > overview.outcomes[$1] }
      .map { outcome in
        item(
          tone: outcome.rawValue, kind: "no_answer", text: "outcome_\(outcome.rawValue)",
          count: overview.outcomes[outcome], filter: .outcome(outcome))
      }
  }

  private var gone: [TemplateValues] {
    guard overview.changes[.gone] > 0 else { return [] }
    return [
      item(
        tone: "high", kind: "change", text: "change_about_gone", count: overview.changes[.gone],
        filter: .change(.gone))
    ]
  }

  private func rules(_ severity: Severity) -> [TemplateValues] {
    overview.rules.filter { $0.key.severity == severity }
      .sorted { ($1.value, $0.key.name) < ($0.value, $1.key.name) }
      .map { rule, count in
        item(
          tone: severity.rawValue, kind: "severity_\(severity.rawValue)", text: "rule_\(rule.name)",
          code: rule.name, count: count, filter: .rule(rule))
      }
  }

  private func item(
    tone: String, kind: String, text: String, code: String? = nil, count: Int, filter: RowFilter
  ) -> TemplateValues {
    var item = TemplateValues()
    item.set("tone", tone)
    item.set("label", language.word(kind))
    item.set("text", language.word(text))
    if let code { item.set("code", code) }
    item.set("count", language.number(count))
    item.set("href", filter.href)
    return item
  }
}
