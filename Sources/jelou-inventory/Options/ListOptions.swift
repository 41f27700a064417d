import ArgumentParser
import InventoryModel
import ProjectList
import TextFormats

/// How to read the list.
struct ListOptions: ConfigurableOptions {
  @Option(
    name: .customLong("id-column"),
    help: ArgumentHelp(
      "Column with the project IDs: a name, or a number from 1. (default: detected)", valueName: "name|n"))
  var idColumn: IDColumn?

  @Option(help: ArgumentHelp("Delimiter: auto, tab, or one of the characters \(Delimiter.marks).", valueName: "char"))
  var delimiter: Delimiter = .auto

  @Flag(name: .customLong("no-header"), help: "Treat the first row as data even if it looks like a header.")
  var noHeader = false

  @Option(help: ArgumentHelp("Text encoding of the list: \(ListReadingOptions.Encoding.names).", valueName: "name"))
  var encoding: ListReadingOptions.Encoding = .auto

  var reading: ListReadingOptions {
    ListReadingOptions(
      idColumn: idColumn?.column, delimiter: delimiter.byte, hasNoHeader: noHeader, encoding: encoding)
  }

  struct IDColumn: ExplainedValue {
    static let syntax = "a column name, or a column number from 1"

    let column: ListReadingOptions.IDColumn

    init?(argument: String) {
      if let number = Int(argument) {
        guard number >= 1 else { return nil }
        column = .number(number)
      } else {
        guard !argument.isEmpty else { return nil }
        column = .name(argument)
      }
    }
  }

  struct Delimiter: ExplainedValue {
    static let auto = Delimiter(name: "auto", byte: nil)
    private static let tab = Delimiter(name: "tab", byte: UInt8(ascii: "\t"))
    private static let characters = [",", ";", "|"].map { Delimiter(name: $0, byte: $0.utf8.first) }

    static let marks = characters.map(\.name).joined(separator: " ")
    static let syntax = "auto, tab, or one of the characters \(marks)"
    static let defaultCompletionKind = CompletionKind.values(([auto, tab] + characters).map(\.name))

    let name: String
    /// nil to detect the delimiter.
    let byte: UInt8?

    private init(name: String, byte: UInt8?) {
      self.name = name
      self.byte = byte
    }

    init?(argument: String) {
      // Compare bytes: under canonical equivalence, the Greek question mark equals a semicolon.
      switch ExactText(argument) {
      case "auto": self = .auto
      case "tab", "\t", "\\t": self = .tab
      case let text:
        guard let delimiter = Self.characters.first(where: { ExactText($0.name) == text }) else { return nil }
        self = delimiter
      }
    }

    var defaultValueDescription: String { name }
  }
}

extension ListReadingOptions.Encoding: NamedValue {}
