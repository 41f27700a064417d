import TextFormats

/// The questions in this folder, embedded in the program at build time. A question's name is that of its file, such as
/// `shared-webhooks` for `shared-webhooks.sql`.
package enum BuiltInQuestions {
  /// All questions, sorted by name.
  package static let all: [Question] = EmbeddedTexts.files.map { file, text in
    Question(name: String(file.dropFirst("Questions/".count).dropLast(".sql".count)), sql: text)
  }.sorted { $0.name < $1.name }

  /// The question with a name; nil if there is none.
  package static func named(_ name: String) -> Question? { all.first { $0.name == name } }

  /// Suggestions for a wrong name, nearest first. Names that contain the wrong name are nearest.
  package static func names(near name: String) -> [String] {
    let name = name.lowercased()
    let distances = all.map(\.name).map { other in
      (other, other.contains(name) ? 0 : EditDistance.between(Array(name), Array(other)))
    }
    return distances.filter { $0.1 <= max(2, name.count / 3) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
  }
}

/// The texts of the SQL files in this folder, by file name.
enum EmbeddedTexts {}
