import InventoryModel
import Ledger
import LedgerQueries
import TextFormats

/// A row of a query result. The SQL statement determines its columns.
struct QueryRow: DataRow {
  let answer: [QueryValue]

  static func layout(_ columns: [QueryColumn]) -> DataLayout {
    DataLayout(
      names: distinct(columns.map(\.name)),
      tableColumns: columns.map { TableColumn(title: $0.name.visible, isNumber: $0.isNumeric, limit: 60) })
  }

  var values: [DataValue] {
    answer.map { value in
      switch value {
      case .null: .text(nil)
      case .integer(let number): .number(Int(number))
      case .real(let number): .real(number)
      case .text(let text): .text(text)
      case .blob(let bytes): .text(Self.literal(bytes))
      }
    }
  }

  var tableCells: [String] {
    answer.map { value in
      switch value {
      case .null: ""
      case .integer(let number): String(number)
      case .real(let number): number.numeral
      case .text(let text): text
      case .blob(let bytes): Self.literal(bytes)
      }
    }
  }

  /// Returns bytes as an SQL literal: `x'53514C'`.
  private static func literal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    let hexadecimal = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return "x'\(String(decoding: hexadecimal, as: UTF8.self))'"
  }

  /// Makes the names unique: repeated names get `_2`, `_3`, and so on, as in a list's header.
  private static func distinct(_ names: [String]) -> [String] {
    var taken = Set(names.map(ExactText.init(_:)))
    var seen: Set<ExactText> = []
    return names.map { name in
      if seen.insert(ExactText(name)).inserted { return name }
      var number = 2
      while !taken.insert(ExactText("\(name)_\(number)")).inserted { number += 1 }
      return "\(name)_\(number)"
    }
  }
}
