/// The questions of this folder, embedded in the program when it is built: `files` has the text of each by its file's name,
/// `shared-webhooks.sql` for instance.
package enum Questions {
  /// By name.
  package static let all: [Question] = files.map { file, text in
    Question(name: String(file.dropLast(".sql".count)), sql: text)
  }.sorted { $0.name < $1.name }

  /// nil when there is no such question.
  package static func named(_ name: String) -> Question? { all.first { $0.name == name } }

  /// The names that a wrong one may have been meant to be, nearest first; those that begin with it are near.
  package static func names(near name: String) -> [String] {
    let name = name.lowercased()
    let distances = all.map(\.name).map { other in
      (other, other.contains(name) ? 0 : Self.distance(name, other))
    }
    return distances.filter { $0.1 <= max(2, name.count / 3) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
  }

  /// Characters to insert, delete or replace (Levenshtein).
  static func distance(_ one: String, _ other: String) -> Int {
    var row = Array(0...other.count)
    for (index, character) in one.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, candidate) in other.enumerated() {
        let replaced = diagonal + (character == candidate ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
      }
    }
    return row[other.count]
  }
}
