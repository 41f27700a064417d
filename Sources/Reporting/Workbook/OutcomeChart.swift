import CXlsxWriter
import InventoryModel

/// A chart of the number of rows with each outcome. The spreadsheet draws it from cells of the summary sheet.
enum OutcomeChart {
  /// - Parameter rows: The rows of the sheet that contain one outcome each, with its name in the first column and its
  ///   count in the second.
  static func insert(in sheet: Worksheet, of workbook: Workbook, rows: Range<Int>, _ language: Language) throws {
    let (sheetName, title) = (language.word(SummarySheet.name), language.word("by_outcome"))
    let chart = try workbook.addChart(LXW_CHART_BAR)
    guard let series = chart_add_series(chart, nil, nil) else { throw WorkbookError(code: 0) }
    let (first, last) = (UInt32(rows.lowerBound), UInt32(rows.upperBound - 1))
    chart_series_set_categories(series, sheetName, first, 0, last, 0)
    chart_series_set_values(series, sheetName, first, 1, last, 1)
    chart_series_set_labels(series)
    chart_series_set_name(series, language.word("column_rows"))
    try colour(series)
    chart_title_set_name(chart, title)
    chart_legend_set_position(chart, UInt8(LXW_CHART_LEGEND_NONE.rawValue))
    // Shows the bars from top to bottom in the order of the cells. The library swaps the axes of a bar chart.
    chart_axis_set_reverse(chart.pointee.y_axis)
    chart_axis_major_gridlines_set_visible(chart.pointee.x_axis, 0)
    chart_axis_off(chart.pointee.x_axis)
    var options = lxw_chart_options()
    (options.x_scale, options.y_scale) = (1.15, 1.1)
    let result = title.withCString { description in
      options.description = UnsafeMutablePointer(mutating: description)
      return worksheet_insert_chart_opt(sheet.sheet, first - 1, 4, chart, &options)
    }
    try WorkbookError.check(result)
  }

  /// Fills each bar with the color of its outcome.
  private static func colour(_ series: UnsafeMutablePointer<lxw_chart_series>) throws {
    let fills = UnsafeMutablePointer<lxw_chart_fill>.allocate(capacity: Outcome.allCases.count)
    let points = UnsafeMutablePointer<lxw_chart_point>.allocate(capacity: Outcome.allCases.count)
    defer {
      fills.deallocate()
      points.deallocate()
    }
    for (index, outcome) in Outcome.allCases.enumerated() {
      fills[index] = lxw_chart_fill(color: outcome.cellColor.solid, none: 0, transparency: 0)
      points[index] = lxw_chart_point(line: nil, fill: fills + index, pattern: nil)
    }
    var list = (0..<Outcome.allCases.count).map { Optional(points + $0) } + [nil]
    try WorkbookError.check(chart_series_set_points(series, &list))
  }
}
