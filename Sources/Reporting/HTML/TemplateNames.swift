/// What a template can use, beside `words.KEY`. The README tells what each stands for.
enum TemplateNames {
  static let page: Set = [
    "language", "title", "generator", "csp", "style", "script", "run_line", "held", "list_name", "headline",
    "headline_open",
    "headline_projects", "tiles", "overall", "attention", "changes_since", "changes_first", "changes", "unlisted",
    "charts", "facts", "input_columns", "capped", "shown", "outcomes", "severities", "rules", "change_kinds",
    "caption", "footer", "credential_column",
  ]
  /// Of the page's lists.
  static let items: Set = [
    "label", "value", "count", "share", "href", "tone", "zero", "id", "rows", "segments", "x", "width", "about", "name",
    "code", "text", "csv", "last_url", "last_at", "is_empty",
  ]
  static let row: Set = [
    "anchors", "line", "project_id", "outcome", "outcome_label", "change", "change_label", "changed_fields",
    "last_good_url", "last_good_at", "last_good", "http_status", "webhook_url", "webhook_link", "webhook_long",
    "webhook_host", "findings", "severity", "severity_label", "rule", "detail", "error_code", "error_message",
    "error_long", "inputs", "is_long", "auth_type", "created_at", "updated_at", "attempts", "duration_ms",
    "fetched_at", "credential", "integration_id", "brain_id",
  ]

  static let all = page.union(items).union(row)
}
