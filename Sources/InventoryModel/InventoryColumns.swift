/// The columns of the reports that are tables, in their order.
package struct InventoryColumns: Hashable, Sendable {
  package static let leading = ["line", "project_id"]
  package static let trailing = [
    "outcome", "http_status", "integration_id", "brain_id", "webhook_url", "webhook_host", "auth_type", "created_at",
    "updated_at", "findings", "change", "changed_fields", "attempts", "duration_ms", "fetched_at", "credential",
    "error_code", "error_message",
  ]

  /// The list's own, none of which has the name of another column.
  package let list: [String]

  package var all: [String] { Self.leading + list + Self.trailing }

  /// - Parameter inputColumns: the list's other columns; one that collides becomes `input_NAME`.
  package init(inputColumns: [String]) {
    var taken = Set((Self.leading + Self.trailing).map(ExactText.init(_:)))
    let own = taken.union(inputColumns.map(ExactText.init(_:)))
    list = inputColumns.map { name in
      if taken.insert(ExactText(name)).inserted { return name }
      var unique = "input_" + name
      while own.contains(ExactText(unique)) || !taken.insert(ExactText(unique)).inserted { unique = "input_" + unique }
      return unique
    }
  }
}
