import TextFormats

/// The columns of the reports that are tables, in their order.
package struct InventoryColumns: Hashable, Sendable {
  /// The fields before the list's own columns, which stand in the place of the field `input`.
  package static let leadingFields = Array(RecordField.all.prefix { $0.column != "input" })
  /// The fields behind them.
  package static let trailingFields: [RecordField] = {
    let fields = RecordField.all.dropFirst(leadingFields.count)
    let series = Set(fields.compactMap(\.tableSeries)).sorted()
    return series.flatMap { series in fields.filter { $0.tableSeries == series } }
  }()

  package static let leading = leadingFields.map(\.column)
  package static let trailing = trailingFields.map(\.column)

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
