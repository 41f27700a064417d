/// The kinds of report.
package enum ReportFormat: String, CaseIterable, Sendable {
  case csv
  case jsonl
  case html
  case xlsx

  /// Those that are written unless others are asked for.
  package static let usual: [ReportFormat] = [.csv, .jsonl, .html]

  /// Whether it says more of the run as a whole than how many rows have which outcome.
  package var tellsOfTheWholeRun: Bool {
    switch self {
    case .csv, .jsonl: false
    case .html, .xlsx: true
    }
  }

  /// Name of the report's file in the output folder.
  package func fileName(_ profile: CSVProfile) -> String {
    switch self {
    case .csv: profile.fileName
    case .jsonl: "inventory.jsonl"
    case .html: "inventory.html"
    case .xlsx: "inventory.xlsx"
    }
  }
}
