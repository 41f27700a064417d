import InventoryModel
import TextFormats

extension ProjectIDCheck {
  /// A sign that an ID may be wrong. The ID is still queried, unchanged.
  package enum Doubt: CaseIterable, Sendable {
    /// The ID contains an invisible character.
    case invisibleCharacter
    /// A spreadsheet has converted a long number to E notation, or its last digits to zeros.
    case spreadsheetNumber
    /// `1001.0`, `1,001`: a spreadsheet or a data frame has treated the ID as a number.
    case formattedNumber
    /// `2-ene`, `01/02/2026`: a spreadsheet may have converted the ID to a date.
    case date
    /// `nan`, `#N/A`, `########`: there is no ID, or it was lost.
    case missingValue
    /// `'1001`, `="1001"`, `https://…`: other characters surround the ID.
    case decoration
    /// `–` for `-`, `�`, `ï»¿`: a program has replaced a character with another one.
    case replacedCharacter
    /// The ID contains a space or a delimiter.
    case severalValues
    /// The ID is the name of the ID column, for example because lists with headers were concatenated.
    case columnName

    /// The name of the member in `plan --json`.
    package var key: StaticString {
      switch self {
      case .invisibleCharacter: "invisible"
      case .spreadsheetNumber: "shortened"
      case .formattedNumber: "formatted_numbers"
      case .date: "dates"
      case .missingValue: "missing_values"
      case .decoration: "decorated"
      case .replacedCharacter: "replaced_characters"
      case .severalValues: "several_values"
      case .columnName: "column_names"
      }
    }

    /// The label in the text output of `plan`, at most 16 characters.
    package var label: String {
      switch self {
      case .invisibleCharacter: "hidden character"
      case .spreadsheetNumber: "shortened IDs"
      case .formattedNumber: "reformatted IDs"
      case .date: "dates as IDs"
      case .missingValue: "missing IDs"
      case .decoration: "quoted IDs, URLs"
      case .replacedCharacter: "garbled IDs"
      case .severalValues: "several per cell"
      case .columnName: "headers as IDs"
      }
    }

    /// The beginning of a sentence about a row.
    package var description: String {
      switch self {
      case .invisibleCharacter: "the ID contains an invisible character"
      case .spreadsheetNumber: "the ID looks like a number that a spreadsheet has shortened"
      case .formattedNumber: "the ID looks like a reformatted number, such as 1001.0 or 1,001"
      case .date: "the ID looks like a date or time; a spreadsheet may have converted it"
      case .missingValue: "the ID looks like an error value or a missing value"
      case .decoration: "the ID is enclosed in an apostrophe, quotes, a formula or a URL"
      case .replacedCharacter: "the ID contains a character that a program may have replaced"
      case .severalValues: "the ID contains a space or a delimiter and may be several cells"
      case .columnName: "the ID is a column name and may be a repeated header"
      }
    }

    /// Whether this kind of damage is impossible in a cell that was protected from spreadsheets.
    fileprivate var isDamageByFormat: Bool {
      switch self {
      case .spreadsheetNumber, .formattedNumber, .date, .missingValue, .decoration: true
      case .invisibleCharacter, .replacedCharacter, .severalValues, .columnName: false
      }
    }
  }

  /// - Parameters:
  ///   - column: the name of the ID column; nil if the list has no header.
  ///   - isRestored: whether the ID was protected from spreadsheets; see ``ListRow/isRestored``.
  package static func doubt(about id: String, column: String? = nil, isRestored: Bool = false) -> Doubt? {
    var id = id
    let classes = id.withUTF8(CharacterClasses.init)
    if classes.isOrdinary { return nil }
    if let column, id.utf8.elementsEqual(column.utf8) { return .columnName }
    guard let doubt = doubt(about: id, of: classes), !(isRestored && doubt.isDamageByFormat) else { return nil }
    return doubt
  }

  private static func doubt(about id: String, of classes: CharacterClasses) -> Doubt? {
    if classes.hasOthers, let doubt = doubtOfCharacters(in: id) { return doubt }
    if isMissingValue(id, classes) { return .missingValue }
    if classes.length <= 24, ColumnLayout.isIDName(id) { return .columnName }
    if classes.hasDigits {
      if FormattedValue.isShortenedNumber(id) { return .spreadsheetNumber }
      if classes.length <= 40 {
        if FormattedValue.isDate(id) { return .date }
        if FormattedValue.isNumber(id) { return .formattedNumber }
      }
    }
    guard classes.hasPunctuation || classes.hasOthers else { return nil }
    if isDecorated(id) { return .decoration }
    return id.utf8.contains { " ,;|".utf8.contains($0) } ? .severalValues : nil
  }

  private static func doubtOfCharacters(in id: String) -> Doubt? {
    let isHidden = { (scalar: Unicode.Scalar) in
      scalar.isInvisible || (scalar.properties.isWhitespace && scalar != " ")
    }
    if id.unicodeScalars.contains(where: isHidden) { return .invisibleCharacter }
    return id.unicodeScalars.contains(where: isReplacement) || wasMisread(id) ? .replacedCharacter : nil
  }

  /// Whether the ID contains UTF-8 that was read as Windows-1252: a byte order mark (`ï»¿`), a letter (`Ã©`) or a
  /// quotation mark (`â€œ`).
  private static func wasMisread(_ id: String) -> Bool {
    zip(id.unicodeScalars, id.unicodeScalars.dropFirst()).contains { first, second in
      switch first.value {
      case 0xC2, 0xC3: (0xA0...0xBF).contains(second.value)
      case 0xE2: second == "€"
      case 0xEF: second == "»"
      default: false
      }
    }
  }

  /// Whether a program may have substituted the character: word processors replace `-`, quotes and `...`, East Asian
  /// keyboards replace ASCII characters, and programs replace characters that they can't read.
  private static func isReplacement(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2010...0x2015, 0x2018...0x201F, 0x2026, 0x2212, 0xFF01...0xFF5E, 0xFFFD: true
    default: false
    }
  }

  private static func isMissingValue(_ id: String, _ classes: CharacterClasses) -> Bool {
    guard !id.isEmpty else { return false }
    if !classes.hasDigits, !classes.hasLetters, !id.utf8.contains(where: { $0 >= 0x80 }) { return true }
    // A spreadsheet error, or a comment.
    if id.utf8.first == UInt8(ascii: "#") { return true }
    guard classes.length <= 16 else { return false }
    return missingValues.contains(id.lowercased()) || isRowCount(id)
  }

  /// Texts with which spreadsheets, data frames, databases and people mark a missing value, in lowercase.
  private static let missingValues: Set<String> = [
    "nan", "-nan", "+nan", "nat", "na", "n/a", "n.a.", "n.a", "<na>", "<n/a>", "null", "<null>", "(null)", "[null]",
    "none", "nil", "\\n", "undefined", "[object object]", "inf", "-inf", "+inf", "infinity", "-infinity", "+infinity",
    "1.#inf", "1.#qnan", "-1.#ind", "true", "false", "verdadero", "falso", "verdadeiro", "(blank)", "(en blanco)",
    "(vacío)", "(vazio)", "(empty)", "empty", "missing", "s/d", "n/d", "sin dato", "sin datos",
  ]

  /// Whether the ID is a row count, as database shells print below a table: `(3 rows)`.
  private static func isRowCount(_ id: String) -> Bool {
    guard id.utf8.first == UInt8(ascii: "("), id.utf8.last == UInt8(ascii: ")") else { return false }
    let words = id.dropFirst().dropLast().split(separator: " ")
    return words.count == 2 && words[0].utf8.allSatisfy(\.isDigit)
  }

  /// Whether the ID has quotes of any kind, is a formula, or contains a URL.
  private static func isDecorated(_ id: String) -> Bool {
    guard let first = id.utf8.first else { return false }
    return "'\"=`".utf8.contains(first) || id.utf8.last == UInt8(ascii: "\"") || id.contains("://")
  }
}

/// The kinds of characters in an ID. Most IDs have only digits and letters, and need no other checks.
private struct CharacterClasses {
  private(set) var length: Int
  private(set) var hasDigits = false
  private(set) var hasLetters = false
  /// `-` and `_`
  private(set) var hasJoints = false
  /// Other visible ASCII characters.
  private(set) var hasPunctuation = false
  /// Spaces, control characters and all characters beyond ASCII.
  private(set) var hasOthers = false
  private var endsWithZeros = false

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    length = bytes.count
    for byte in bytes {
      if byte.isDigit {
        hasDigits = true
      } else if (byte | 0x20) &- UInt8(ascii: "a") < 26 {
        hasLetters = true
      } else if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") {
        hasJoints = true
      } else if byte > 0x20, byte < 0x7F {
        hasPunctuation = true
      } else {
        hasOthers = true
      }
    }
    endsWithZeros = length >= FormattedValue.roundedDigits && bytes.last == UInt8(ascii: "0")
  }

  /// Whether the ID has digits, with or without letters, and can raise no doubt. An ID with joints must be longer than
  /// 11 bytes, because a shorter one could be a date.
  var isOrdinary: Bool {
    hasDigits && !hasPunctuation && !hasOthers && !(hasJoints && length <= 11) && !(endsWithZeros && !hasLetters)
  }
}
