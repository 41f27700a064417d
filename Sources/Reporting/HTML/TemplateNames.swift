/// The names that a template can use, in addition to `words.KEY`. The guide *Templates* describes each of them.
enum TemplateNames {
  static let page: Set = [
    "language", "title", "generator", "csp", "style", "script", "run_line", "held", "list_name", "headline",
    "headline_open",
    "headline_projects", "tiles", "overall", "attention", "changes_since", "changes_first", "changes", "unlisted",
    "charts", "facts", "input_columns", "capped", "shown", "outcomes", "severities", "rules", "change_kinds",
    "caption", "footer", "credential_column", "further_columns",
  ]
  /// The names within the page's lists.
  static let items: Set = [
    "label", "value", "count", "share", "href", "tone", "zero", "id", "rows", "segments", "x", "width", "about", "name",
    "code", "text", "csv", "last_url", "last_at", "is_empty",
  ]

  static let all = page.union(items).union(HTMLRow.names)
}
