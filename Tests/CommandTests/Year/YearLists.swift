import TestSupport

/// The lists of a replayed year: projects come and go, some stand there several times, some IDs can't be asked for.
struct YearLists {
  struct Row: Hashable, Sendable {
    var line: Int
    var projectID: String
    /// As the list has it; empty for the key of all.
    var credential: String
    var isInvalid: Bool

    var question: YearGateway.Question {
      .init(projectID: projectID, credential: credential.isEmpty ? "default" : credential)
    }
  }

  let projects: [String]
  private var listed: Set<String>
  private var random: SplitMix

  init(seed: UInt64, projects count: Int) {
    random = SplitMix(state: seed ^ 0x11575)
    let odd = [
      "a/b", "ñandú", "semi;colon", "com,ma", "qu\"ote", "=1+1", "007", "per%63ent", "sp ace", "UPPER", "upper",
    ]
    projects = odd + (0..<max(0, count - odd.count)).map { "project-\($0)" }
    listed = []
    for project in projects where Int.random(in: 0..<10, using: &random) < 8 { listed.insert(project) }
  }

  /// The next month's rows, in lines from 2 on.
  mutating func next() -> [Row] {
    for project in projects where Int.random(in: 0..<12, using: &random) == 0 {
      if listed.remove(project) == nil { listed.insert(project) }
    }
    var rows: [(id: String, credential: String, isInvalid: Bool)] = []
    for (number, project) in projects.enumerated() where listed.contains(project) {
      let own = ["", "north", "south"][number % 3]
      rows.append((project, own, false))
      switch Int.random(in: 0..<12, using: &random) {
      case 0: rows.append((project, own, false))
      case 1: rows.append((project, ["", "north", "south"][(number + 1) % 3], false))
      default: break
      }
    }
    for invalid in ["..", String(repeating: "x", count: 257)] where Bool.random(using: &random) {
      rows.append((invalid, "north", true))
    }
    rows.shuffle(using: &random)
    return rows.enumerated().map {
      Row(line: $0 + 2, projectID: $1.id, credential: $1.credential, isInvalid: $1.isInvalid)
    }
  }

  static func csv(_ rows: [Row]) -> String {
    "project_id,credential\n"
      + rows.map { "\"\($0.projectID.replacing("\"", with: "\"\""))\",\($0.credential)\n" }.joined()
  }
}
