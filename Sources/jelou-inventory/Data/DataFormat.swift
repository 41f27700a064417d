import ArgumentParser

/// How a command prints data.
enum DataFormat: String, CaseIterable, ExpressibleByArgument {
  /// For people: aligned, and on a terminal no wider than it.
  case table
  case csv
  case jsonl
}
