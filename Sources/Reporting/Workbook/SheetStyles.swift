import CXlsxWriter

/// The formats of a workbook's cells.
struct SheetStyles {
  typealias Format = UnsafeMutablePointer<lxw_format>

  /// The format of texts. With it, a text stays a text even if the cell is edited: nothing becomes a formula or a
  /// number.
  let text: Format
  let link: Format
  let number: Format
  let time: Format
  let share: Format
  let heading: Format
  let title: Format
  private let book: UnsafeMutablePointer<lxw_workbook>

  /// nil if there is not enough memory.
  init?(of book: UnsafeMutablePointer<lxw_workbook>) {
    func format(_ numberFormat: String) -> Format? {
      let format = workbook_add_format(book)
      if let format { format_set_num_format(format, numberFormat) }
      return format
    }
    guard let text = format("@"), let link = format("@"), let number = format("0"),
      let time = format(SheetTime.format), let share = format("0.0%"), let heading = format("@"),
      let title = format("@")
    else { return nil }
    format_set_font_color(link, 0x0563C1)
    format_set_underline(link, UInt8(LXW_UNDERLINE_SINGLE.rawValue))
    format_set_bold(heading)
    format_set_bg_color(heading, 0xE7EDF4)
    format_set_bottom(heading, UInt8(LXW_BORDER_THIN.rawValue))
    format_set_bottom_color(heading, 0x8EA9C8)
    format_set_bold(title)
    format_set_font_size(title, 16)
    // Keeps the number away from the text in the next column.
    for format in [number, share] {
      format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue))
      format_set_indent(format, 1)
    }
    format_set_align(time, UInt8(LXW_ALIGN_LEFT.rawValue))
    (self.text, self.link, self.number, self.time) = (text, link, number, time)
    (self.share, self.heading, self.title, self.book) = (share, heading, title, book)
  }

  /// Creates a format for cells whose color depends on their content; nil if there is not enough memory.
  func format(_ cellColor: CellColor) -> Format? {
    let format = workbook_add_format(book)
    if let format {
      format_set_bg_color(format, cellColor.background)
      format_set_font_color(format, cellColor.text)
    }
    return format
  }
}
