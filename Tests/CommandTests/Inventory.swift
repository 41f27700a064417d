import DelimitedText
import Foundation
import InventoryModel
import Testing

/// What a run has left in a folder, read back format by format.
struct Inventory {
  let folder: Scratch
  let directory: String

  init(in folder: Scratch, _ directory: String = "inventory") {
    self.folder = folder
    self.directory = directory
  }

  /// The CSV's records by column name.
  func csv() throws -> [[String: String]] {
    var reader = DelimitedReader(
      BytesInMemory(try folder.text("\(directory)/inventory.csv").utf8), delimiter: UInt8(ascii: ","))
    let header = try #require(try reader.next()).fields
    var records: [[String: String]] = []
    while let record = try reader.next() {
      #expect(record.fields.count == header.count)
      records.append(Dictionary(uniqueKeysWithValues: zip(header, record.fields)))
    }
    return records
  }

  func header() throws -> [String] {
    var reader = DelimitedReader(
      BytesInMemory(try folder.text("\(directory)/inventory.csv").utf8), delimiter: UInt8(ascii: ","))
    return try #require(try reader.next()).fields
  }

  func jsonLines() throws -> [[String: Any]] {
    try folder.text("\(directory)/inventory.jsonl").split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  func manifest() throws -> [String: Any] {
    let data = Data(try folder.text("\(directory)/manifest.json").utf8)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// Line and outcome of each row of the page's table.
  func htmlRows() throws -> [(line: String, outcome: String)] {
    let page = try folder.text("\(directory)/inventory.html")
    return page.components(separatedBy: "<tr data-line=\"").dropFirst().map { part in
      let quoted = part.components(separatedBy: "\"")
      return (quoted[0], quoted[2])
    }
  }

  /// Rows of the database, asked through the `sqlite3` shell: by another program than ours.
  func query(_ sql: String) throws -> [String] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sqlite3")
    process.arguments = ["-readonly", "\(folder.path)/\(directory)/inventory.db", sql]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "sqlite3 (Debian's package sqlite3) could not answer: \(sql)")
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// As ``query(_:)``, but of a copy, so that what a killed process has left stays as it is.
  func queryCopy(_ sql: String) throws -> [String] {
    let copy = try Scratch()
    try FileManager.default.createDirectory(atPath: copy.path + "/copy", withIntermediateDirectories: true)
    for suffix in ["", "-wal", "-journal"] {
      guard let data = try? folder.data("\(directory)/inventory.db\(suffix)") else { continue }
      try copy.write("copy/inventory.db\(suffix)", data)
    }
    // Whoever opens it first mends it, which the shell may not do when it only reads.
    _ = try Shell.run("/usr/bin/sqlite3", ["copy/inventory.db", "SELECT count(*) FROM sqlite_schema"], in: copy)
    return try Inventory(in: copy, "copy").query(sql)
  }

  /// What every format tells of the rows, but for times, attempts and durations: the same for two runs that found the
  /// same.
  func rowsWithoutTimes() throws -> [String] {
    let volatile: Set = ["attempts", "duration_ms", "fetched_at"]
    let records = try csv().map { record in
      record.filter { !volatile.contains($0.key) }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        .joined(separator: "|")
    }
    let objects = try jsonLines().map { object in
      String(
        decoding: try JSONSerialization.data(
          withJSONObject: object.filter { !volatile.contains($0.key) }, options: .sortedKeys), as: UTF8.self)
    }
    // Attempts, duration and the time of day stand side by side.
    let page = try folder.text("\(directory)/inventory.html").components(separatedBy: "<tr data-line=").dropFirst()
      .map {
        $0.components(separatedBy: "</tbody>")[0].replacing(
          /<td>[0-9]+<td>[0-9,]*<td>[0-9]{2}:[0-9]{2}:[0-9]{2}<td>/, with: "<td>")
      }
    let database = try query(
      """
      SELECT line, project_id, input, outcome, http_status, integration_id, brain_id, webhook_url, webhook_host,
        auth_type, created_at, updated_at, extra, credential, error_code, error_message
      FROM results WHERE run_id = (SELECT max(id) FROM runs) ORDER BY line
      """)
    return records + objects + page + database
  }

  /// Checks that every format tells the same of every row, and that each has exactly one outcome.
  ///
  /// - Parameter lines: the lines of the list on which its rows begin.
  func expectBalance(
    lines: [Int], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let records = try csv()
    let pairs = records.map { "\($0["line"] ?? "")|\($0["outcome"] ?? "")" }
    #expect(records.map { $0["line"] } == lines.map(String.init), sourceLocation: sourceLocation)
    for record in records {
      #expect(Outcome(rawValue: record["outcome"] ?? "") != nil, sourceLocation: sourceLocation)
    }
    let objects = try jsonLines().map { "\($0["line"] as? Int ?? 0)|\($0["outcome"] as? String ?? "")" }
    #expect(objects == pairs, sourceLocation: sourceLocation)
    #expect(try htmlRows().map { "\($0.line)|\($0.outcome)" } == pairs, sourceLocation: sourceLocation)
    #expect(
      try query("SELECT line, outcome FROM results WHERE run_id = (SELECT max(id) FROM runs) ORDER BY line") == pairs,
      sourceLocation: sourceLocation)
    let outcomes = try #require(try manifest()["outcomes"] as? [String: Int], sourceLocation: sourceLocation)
    for outcome in Outcome.allCases {
      #expect(
        outcomes[outcome.rawValue] == records.count { $0["outcome"] == outcome.rawValue },
        sourceLocation: sourceLocation)
    }
  }
}
