/// The kinds of report.
package enum ReportFormat: String, CaseIterable, Sendable {
  case csv
  case jsonl
  case html

  /// Name of the report's file in the output folder.
  package func fileName(_ profile: CSVProfile) -> String {
    switch self {
    case .csv: profile.fileName
    case .jsonl: "inventory.jsonl"
    case .html: "inventory.html"
    }
  }
}
