import ArgumentParser
import InventoryModel
import ProjectList
import TextFormats

/// How to read the list.
struct ListOptions: ConfigurableOptions {
  @Option(
    name: .customLong("id-column"),
    help: ArgumentHelp("The column that holds the IDs, by name or number from 1.", valueName: "name|n"))
  var idColumn: IDColumn?

  @Option(
    help: ArgumentHelp("What separates the cells: auto, a comma, semicolon or pipe, or tab (\\t).", valueName: "char"))
  var delimiter: Delimiter = .auto

  @Flag(name: .customLong("no-header"), help: "The first row is data even if it looks like a header.")
  var noHeader = false

  @Option(help: ArgumentHelp("The list's encoding: auto, utf-8, utf-16 or windows-1252.", valueName: "name"))
  var encoding: ListReadingOptions.Encoding = .auto

  var reading: ListReadingOptions {
    ListReadingOptions(
      idColumn: idColumn?.column, delimiter: delimiter.byte, hasNoHeader: noHeader, encoding: encoding)
  }

  struct IDColumn: ExpressibleByArgument {
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

  struct Delimiter: ExpressibleByArgument {
    static let auto = Delimiter(name: "auto", byte: nil)

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
      case "tab", "\t", "\\t": self.init(name: "tab", byte: UInt8(ascii: "\t"))
      case ",", ";", "|": self.init(name: argument, byte: argument.utf8.first)
      default: return nil
      }
    }

    var defaultValueDescription: String { name }
  }
}

extension ListReadingOptions.Encoding: ExpressibleByArgument {}
