/// The kinds of report.
package enum ReportFormat: String, CaseIterable, Sendable {
  case csv
  case jsonl
  case html
  case xlsx

  /// Those that are written unless others are asked for.
  package static let usual: [ReportFormat] = [.csv, .jsonl, .html]

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
