import TextFormats

/// The columns of the tabular reports, in order.
package struct InventoryColumns: Hashable, Sendable {
  /// The fields before the list's own columns, which replace the field `input`.
  package static let leadingFields = Array(RecordField.all.prefix { $0.column != "input" })
  /// The fields after the list's own columns.
  package static let trailingFields: [RecordField] = {
    let fields = RecordField.all.dropFirst(leadingFields.count)
    let series = Set(fields.compactMap(\.tableSeries)).sorted()
    return series.flatMap { series in fields.filter { $0.tableSeries == series } }
  }()

  package static let leading = leadingFields.map(\.column)
  package static let trailing = trailingFields.map(\.column)

  /// The list's own columns. Each name differs from the names of all other columns.
  package let list: [String]

  package var all: [String] { Self.leading + list + Self.trailing }

  /// - Parameter inputColumns: The list's other columns. A name that collides with another column becomes `input_NAME`.
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
