import DelimitedText
import Foundation
import Testing

/// What the program tells of a run of a replayed year, held against the model.
struct YearCheck {
  /// Which run it is, for the messages.
  let place: String
  let program: Program

  private var inventory: Inventory { Inventory(in: program.folder) }

  /// Stands for any outcome that is no answer.
  private static let unanswered = "(no answer)"

  private func expect(_ got: String, _ expected: String, _ what: String, _ project: String) {
    guard got != expected else { return }
    Issue.record("\(place), project \(project), \(what): expected \(expected), got \(got)")
  }

  private func outcome(_ text: String) -> String {
    ["", "found", "not_found", "invalid_id"].contains(text) ? text : Self.unanswered
  }

  private func outcome(_ row: YearModel.Row) -> String {
    row.isInvalid ? "invalid_id" : row.answer?.outcome ?? Self.unanswered
  }

  /// The reports, which also say when each answer was there.
  func reports(_ run: inout YearModel.Run, number: Int) throws {
    let records = try inventory.csv()
    let objects = try inventory.jsonLines()
    try #require(records.count == run.rows.count && objects.count == run.rows.count, "\(place): rows")
    for index in run.rows.indices {
      let (row, record, object) = (run.rows[index], records[index], objects[index])
      let id = row.projectID
      for (column, expected) in [
        "line": "\(row.line)", "project_id": id, "change": row.change,
        "changed_fields": row.changedFields.joined(separator: ";"),
        "webhook_url": row.answer?.integration?.webhookURL ?? "",
      ] {
        expect(record[column] ?? "(none)", expected, "\(column) of the CSV", id)
        let told = column == "webhook_url" ? (object["integration"] as? [String: Any])?[column] : object[column]
        expect(Self.text(told), expected, "\(column) of the JSON Lines", id)
      }
      expect(outcome(record["outcome"] ?? ""), outcome(row), "outcome of the CSV", id)
      expect(outcome(Self.text(object["outcome"])), outcome(row), "outcome of the JSON Lines", id)
      guard let answer = row.answer else { continue }
      let fetchedAt = record["fetched_at"] ?? ""
      if fetchedAt < answer.sentAt {
        Issue.record("\(place), project \(id): fetched at \(fetchedAt), but answered at \(answer.sentAt)")
      }
      run.rows[index].answer?.fetchedAt = fetchedAt
    }
    let manifest = try inventory.manifest()
    #expect(manifest["run"] as? Int == number, "\(place)")
    #expect(manifest["state"] as? String == run.standing.rawValue, "\(place)")
    let counts = try #require(manifest["outcomes"] as? [String: Int])
    for counted in ["found", "not_found", "invalid_id"] {
      let expected = run.rows.count { outcome($0) == counted }
      #expect(counts[counted] == expected, "\(place), manifest, \(counted)")
    }
    #expect(counts.values.reduce(0, +) == run.rows.count, "\(place), manifest")
  }

  /// The table of results.
  func database(_ run: YearModel.Run, number: Int) throws {
    let rows = try query(
      """
      SELECT json_array(line, change, changed_fields, last_good_webhook_url, last_good_at)
      FROM results WHERE run_id = \(number) ORDER BY line
      """)
    try #require(rows.count == run.rows.count, "\(place): rows of the database")
    for (row, got) in zip(run.rows, rows) {
      let expected = [
        "\(row.line)", row.change, row.changedFields.joined(separator: ";"),
        row.lastGood?.integration?.webhookURL ?? "", row.lastGood?.fetchedAt ?? "",
      ]
      expect("\(got)", "\(expected)", "results", row.projectID)
    }
  }

  /// The view of the newest finished run's changes.
  func latestChanges(_ run: YearModel.Run) throws {
    let rows = try query(
      """
      SELECT json_array(line, project_id, change, changed_fields, outcome, webhook_url, last_good_webhook_url,
        last_good_at)
      FROM latest_changes ORDER BY line IS NULL, line, project_id
      """)
    compare(
      rows.map { $0[..<4] + [outcome($0[4])] + $0[5...] }, told(run).map { $0[..<5] + [$0[6]] + $0[8...] },
      "latest_changes")
  }

  /// What `changes` prints.
  func changes(_ run: YearModel.Run, _ arguments: [String]) async throws {
    let ending = try await program.run(["changes", "--format", "csv"] + arguments)
    #expect(ending.status == 0, "\(place): \(ending.error)")
    var reader = DelimitedReader(BytesInMemory(ending.output.utf8), delimiter: UInt8(ascii: ","))
    var records: [[String]] = []
    while let record = try reader.next() { records.append(record.fields) }
    compare(records.dropFirst().map(normal), told(run), "changes as CSV")
    let lines = try await program.run(["changes", "--format", "jsonl"] + arguments).output.split(separator: "\n")
    let columns = try #require(records.first)
    let objects = try lines.map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      return columns.map { Self.text(object[$0]) }
    }
    compare(objects.map(normal), told(run), "changes as JSON Lines")
  }

  private func normal(_ record: [String]) -> [String] {
    var record = record
    record[4] = outcome(record[4])
    return record
  }

  /// In the columns of `changes`.
  private func told(_ run: YearModel.Run) -> [[String]] {
    let rows = run.rows.filter { !["", "unchanged"].contains($0.change) }.map { row in
      [
        "\(row.line)", row.projectID, row.change, row.changedFields.joined(separator: ";"), outcome(row),
        row.previous?.outcome ?? "", row.answer?.integration?.webhookURL ?? "",
        row.previous?.integration?.webhookURL ?? "", row.lastGood?.integration?.webhookURL ?? "",
        row.lastGood?.fetchedAt ?? "",
      ]
    }
    return rows
      + run.unlisted.map { project in
        [
          "", project.projectID, "unlisted", "", "", "", "", "", project.lastGood?.integration?.webhookURL ?? "",
          project.lastGood?.fetchedAt ?? "",
        ]
      }
  }

  private func compare(_ got: [[String]], _ expected: [[String]], _ what: String) {
    let (found, wanted) = (Set(got), Set(expected))
    for row in wanted.subtracting(found) {
      let instead = got.first { $0[0] == row[0] && $0[1] == row[1] }
      Issue.record(
        "\(place), project \(row[1]), \(what): expected \(row), got \(instead.map { "\($0)" } ?? "no such row")")
    }
    for row in found.subtracting(wanted) where !expected.contains(where: { $0[0] == row[0] && $0[1] == row[1] }) {
      Issue.record("\(place), project \(row[1]), \(what): expected no such row, got \(row)")
    }
    if found == wanted, got != expected { Issue.record("\(place), \(what): the rows are not in order, or double") }
  }

  private func query(_ sql: String) throws -> [[String]] {
    try inventory.query(sql).map { line in
      let values = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any] ?? []
      return values.map(Self.text)
    }
  }

  private static func text(_ value: Any?) -> String {
    switch value {
    case let text as String: text
    case let number as Int: String(number)
    case let items as [String]: items.joined(separator: ";")
    default: ""
    }
  }
}
