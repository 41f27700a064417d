import Files
import InventoryModel
package import LedgerQueries
import TextFormats

/// Where the SQL of a question comes from.
package enum QuestionSource {
  /// A built-in question's name (a single word), SQL (several words), or `-` for standard input.
  case argument(String)
  /// `-` for standard input.
  case file(String)

  /// - Throws: ``JobFailure``.
  package func question() throws -> Question {
    switch self {
    case .argument("-"): try Self.read("-")
    case .file(let path): try Self.read(path)
    case .argument(let text)
    where !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }:
      try Self.named(text)
    case .argument(let text): Question(name: "SQL", sql: text)
    }
  }

  /// The names of the built-in questions.
  package static func names() -> [String] { BuiltInQuestions.all.map(\.name) }

  /// Returns the built-in question with this name.
  ///
  /// - Throws: ``JobFailure`` with the most similar names.
  package static func named(_ name: String) throws -> Question {
    if let question = BuiltInQuestions.named(name) { return question }
    let near = BuiltInQuestions.names(near: name).prefix(3)
    let advice =
      near.isEmpty
      ? "query --list lists them all" : "did you mean \(near.joined(separator: " or "))?"
    throw JobFailure(.usage, "there is no built-in question \(name.visible); \(advice)")
  }

  private static func read(_ path: String) throws -> Question {
    let name = path == "-" ? "standard input" : path
    let bytes: [UInt8]
    do {
      bytes = try InputFile.contents(of: path)
    } catch {
      throw JobFailure(.missingInput, "\(name): \(error.reason)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw JobFailure(.unusableInput, "\(name): the SQL is not UTF-8; save it as UTF-8")
    }
    return Question(name: name, sql: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
  }
}
