import Auditing
import Foundation
import InventoryModel
import TestSupport
import Testing
import TextFormats

@testable import Reporting

@Suite("The workbook")
struct WorkbookTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private var place: String { folder.path + "/inventory.xlsx" }

  private func run(_ rows: [ResultRow], unlisted: [UnlistedProject] = []) -> ReportedRun {
    var run = NastyRows.run
    run.record.listRows = rows.count
    run.overview = RunOverview()
    for row in rows {
      run.overview.outcomes[row.outcome] += 1
      for finding in row.findings {
        run.overview.findings[finding.severity] += 1
        run.overview.rules[finding.rule, default: 0] += 1
      }
      if let change = row.change { run.overview.changes[change] += 1 }
    }
    run.overview.unlisted = unlisted
    run.overview.changes.unlisted = unlisted.count
    return run
  }

  /// Writes the rows, and returns the report that still has its file.
  private func write(
    _ rows: [ResultRow], run: ReportedRun? = nil, unlisted: [UnlistedProject] = [],
    language: String = "en", rowLimit: Int = SheetSeries.mostRows
  ) throws -> XLSXReport {
    let report = try XLSXReport(
      run: run ?? self.run(rows, unlisted: unlisted), place: place,
      language: try #require(try HTMLTemplates().language(language)), rowLimit: rowLimit)
    #expect(report.begin().isEmpty)
    #expect(try report.rows(rows.span).isEmpty)
    #expect(try report.end().isEmpty)
    return report
  }

  private func read(_ report: XLSXReport) throws -> ReadWorkbook {
    try ReadWorkbook(path: try #require(report.madeFile))
  }

  @Test("holds every nasty value in its own cell, as text, and nothing is a formula")
  func nastyValues() throws {
    let report = try write(NastyRows.rows, run: NastyRows.run)
    let workbook = try read(report)
    let sheet = try #require(workbook["Inventory"])
    #expect(sheet.texts[0] == InventoryColumns(inputColumns: NastyRows.inputColumns).all)
    #expect(sheet.rows.count == NastyRows.rows.count + 1)
    for (row, cells) in zip(NastyRows.rows, sheet.rows.dropFirst()) {
      let owner = try #require(InputCells.cells(json: row.inputJSON))[0] ?? ""
      #expect(cells[0].value == String(row.line) && cells[0].kind == "n")
      for (cell, text) in [
        (cells[1], row.projectID), (cells[2], owner), (cells[10], row.integration?.webhookURL ?? ""),
      ] {
        #expect(cell.value.unicodeScalars.elementsEqual(text.unicodeScalars), "\(text.debugDescription)")
        #expect(text.isEmpty || cell.isText && cell.format == "@")
      }
      #expect(cells[10].link.isEmpty || cells[10].link.lowercased().hasPrefix("http"))
    }
    #expect(workbook.sheets.allSatisfy { $0.rows.allSatisfy { $0.allSatisfy { $0.kind != "f" } } })
    #expect(workbook.sheets.map(\.name) == ["Inventory", "Findings", "Changes", "Summary"])
    let findings = NastyRows.rows.flatMap { row in row.findings.map { "\(row.line) \($0.rule.name) \($0.detail)" } }
    #expect(
      try #require(workbook["Findings"]).texts.dropFirst().map { "\($0[0]) \($0[3]) \($0[4])" } == findings)
  }

  @Test("a NUL, and characters that XML can't hold, in a list's cells cut nothing off")
  func unwritable() throws {
    var row = ResultRow(line: 2, projectID: "alpha", outcome: .notFound)
    row.inputJSON = InputCells.json(
      columns: NastyRows.inputColumns, cells: ["a\0b", "\u{FFFF}x", "_x0041_ _x0041\u{1}", "\r\n\u{1F}\u{7F}\u{85}"])
    let report = try write([row])
    #expect(
      try #require(try read(report)["Inventory"]).texts[1][2..<6]
        == ["a\u{FFFD}b", "\u{FFFF}x", "_x0041_ _x0041\u{1}", "\r\n\u{1F}\u{7F}\u{85}"])
  }

  @Test("goes on in further sheets, each with its header, its filter and every row once", arguments: [true, false])
  func continuation(expectsSoMany: Bool) throws {
    let rows = (2...9).map { line in
      var row = ResultRow(line: line, projectID: "p\(line)", outcome: .found)
      row.integration = Integration(webhookURL: "https://a.example/\(line)")
      row.findings = [Finding(.noAuth, "One."), Finding(.stale, "Two.")]
      row.change = line == 5 ? .unchanged : .changed
      return row
    }
    var run = run(rows)
    if !expectsSoMany { (run.record.listRows, run.overview.findings, run.overview.changes) = (0, .init(), .init()) }
    run.record.inputColumns = []
    let report = try write(rows, run: run, rowLimit: 3)
    #expect(report.rowCount == 8)
    let workbook = try read(report)
    let names = ["Inventory", "Inventory 2", "Inventory 3"]
    let findings = (1...6).map { $0 == 1 ? "Findings" : "Findings \($0)" }
    let changes = ["Changes", "Changes 2", "Changes 3"]
    #expect(Set(workbook.sheets.map(\.name)) == Set(names + findings + changes + ["Summary"]))
    if expectsSoMany { #expect(workbook.sheets.map(\.name) == names + findings + changes + ["Summary"]) }
    #expect(
      try names.map { try #require(workbook[$0]).texts.map { $0[0] } } == [
        ["line", "2", "3", "4"], ["line", "5", "6", "7"], ["line", "8", "9"],
      ])
    #expect(try names.map { try #require(workbook[$0]).filter } == ["A1:T4", "A1:T4", "A1:T3"])
    #expect(try findings.flatMap { try #require(workbook[$0]).texts.dropFirst() }.count == 16)
    #expect(
      try changes.flatMap { try #require(workbook[$0]).texts.dropFirst().map { $0[0] } } == "2346789".map(String.init))
    for name in names { #expect(try #require(workbook[name]).rows.dropFirst().allSatisfy { !$0[6].link.isEmpty }) }
  }

  @Test("tells what has changed, what was last good, and who is no longer listed")
  func changes() throws {
    var rows = [Change.new, .added, .unchanged, .changed, .gone, .unknown].enumerated().map { index, change in
      var row = ResultRow(line: index + 2, projectID: "p\(index)", outcome: .notFound)
      row.change = change
      return row
    }
    rows.append(ResultRow(line: 9, projectID: "", outcome: .invalidID))
    rows[3].changedFields = ["webhook_url", "auth_type"]
    rows[5].outcome = .failed
    rows[5].lastGood = LastGood(webhookURL: "https://old.example/", at: "2026-01-02T03:04:05.678Z")
    let unlisted = [UnlistedProject(projectID: "=gone", lastGood: nil)]
    let report = try write(rows, unlisted: unlisted)
    let workbook = try read(report)
    let sheet = try #require(workbook["Changes"])
    #expect(
      sheet.texts.dropFirst().map { $0[1...3].joined(separator: "|") } == [
        "p0|new|", "p1|added|", "p3|changed|webhook_url;auth_type", "p4|gone|", "p5|unknown|", "=gone|unlisted|",
      ])
    #expect(sheet.texts[5][4...] == ["failed", "", "https://old.example/", "2026-01-02T03:04:05.678Z"])
    #expect(sheet.rows[5][7].kind == "date" && sheet.rows[5][6].link == "https://old.example/")
    let summary = try #require(workbook["Summary"]).texts
    #expect(summary.contains(["Unlisted", "1", "unlisted", ""]))
    #expect(summary.contains(["Unknown", "1", "unknown", ""]))
  }

  @Test(
    "an empty sheet says why",
    arguments: [
      (nil, 0, "There is no earlier finished run to compare with. The next run will show what has changed."),
      (nil, 1, "No rows were compared, because none of them has a valid ID."),
      (.unchanged, 1, "No row has changed since its last answer."),
    ] as [(Change?, Int64, String)])
  func emptyChanges(change: Change?, previousRun: Int64, note: String) throws {
    var row = ResultRow(line: 2, projectID: "alpha", outcome: .notFound)
    row.change = change
    var run = run([row])
    if previousRun > 0 {
      run.overview.previousRun = .init(id: previousRun, startedAt: Timestamp(milliseconds: 1_000))
    }
    let workbook = try read(write([row], run: run))
    #expect(try #require(workbook["Changes"]).texts[1][0] == note)
    #expect(try #require(workbook["Findings"]).texts[1][0] == "The audit has no findings.")
  }

  @Test(
    "has the names of its sheets and its summary in the language, and the columns and their values as in the CSV",
    arguments: [
      (
        "en", ["Inventory", "Findings", "Changes", "Summary"],
        [
          ["Integration inventory"],
          ["1 row received a 404 response that did not come from the gateway. Check the base URL."],
          ["State", "Finished"], ["Outcome", "Rows", "Share", "Code"], ["Found", "13", "0.4814814814814815", "found"],
          ["Severity", "Findings", "Code"], ["High", "9", "high"], ["Rule", "Findings", "Severity", "Code"],
          ["Invalid webhook URL", "9", "High", "webhook-invalid"], ["Change", "Rows", "Code"],
          ["Gone", "0", "gone"], ["Unlisted", "3", "unlisted"],
          ["The sheet Changes lists only 1 project."],
        ]
      ),
      (
        "es", ["Inventario", "Hallazgos", "Cambios", "Resumen"],
        [
          ["Inventario de integraciones"],
          ["1 fila recibió una respuesta 404 que no proviene del gateway. Verifique la URL base."],
          ["Estado", "Finalizada"], ["Resultado", "Filas", "Porcentaje", "Código"],
          ["Encontrada", "13", "0.4814814814814815", "found"], ["Gravedad", "Hallazgos", "Código"],
          ["Alta", "9", "high"],
          ["Regla", "Hallazgos", "Gravedad", "Código"], ["URL de webhook no válida", "9", "Alta", "webhook-invalid"],
          ["Cambio", "Filas", "Código"], ["Ya no existe", "0", "gone"],
          ["No listada", "3", "unlisted"], ["La hoja Cambios incluye solo 1 proyecto."],
        ]
      ),
      (
        "pt", ["Inventário", "Achados", "Alterações", "Resumo"],
        [
          ["Inventário de integrações"],
          ["1 linha recebeu uma resposta 404 que não veio do gateway. Verifique a URL base."],
          ["Estado", "Concluída"], ["Resultado", "Linhas", "Porcentagem", "Código"],
          ["Encontrada", "13", "0.4814814814814815", "found"], ["Gravidade", "Achados", "Código"],
          ["Alta", "9", "high"],
          ["Regra", "Achados", "Gravidade", "Código"], ["URL de webhook inválida", "9", "Alta", "webhook-invalid"],
          ["Alteração", "Linhas", "Código"], ["Não existe mais", "0", "gone"],
          ["Não listada", "3", "unlisted"], ["A planilha Alterações inclui apenas 1 projeto."],
        ]
      ),
    ])
  func languages(code: String, sheets: [String], lines: [[String]]) throws {
    var run = NastyRows.run
    run.overview.notTheGateway = 1
    run.overview.unlisted = [UnlistedProject(projectID: "gone", lastGood: nil)]
    run.overview.changes.unlisted = 3
    let workbook = try read(write(NastyRows.rows, run: run, language: code))
    #expect(workbook.sheets.map(\.name) == sheets)
    let summary = try #require(workbook[sheets[3]])
    for line in lines {
      #expect(summary.texts.contains { Array($0.prefix(line.count)) == line }, "\(line)")
    }
    #expect(summary.charts == 1)
    let inventory = try #require(workbook[sheets[0]])
    #expect(inventory.texts[0] == InventoryColumns(inputColumns: NastyRows.inputColumns).all)
    #expect(inventory.texts.dropFirst().map { $0[6] } == NastyRows.rows.map(\.outcome.rawValue))
    #expect(try #require(workbook[sheets[1]]).texts[0] == ["line", "project_id", "severity", "rule", "detail"])
    #expect(try #require(workbook[sheets[2]]).texts[0][2] == "change")
  }

  @Test("has as many columns as a sheet can, the report's own ones always", arguments: [16_364, 16_365, 70_000])
  func manyColumns(count: Int) throws {
    let columns = (1...count).map { "c\($0)" }
    var row = ResultRow(line: 2, projectID: "alpha", outcome: .notFound)
    row.inputJSON = InputCells.json(columns: columns, cells: columns)
    var run = run([row])
    run.record.inputColumns = columns
    let limit = try #require(ReportFormat.xlsx.mostInputColumns)
    #expect(limit + InventoryColumns.leading.count + InventoryColumns.trailing.count == 16_384)
    guard count <= limit else {
      #expect(throws: TooManyColumns(format: .xlsx, count: count, limit: limit)) { try write([row], run: run) }
      return
    }
    let texts = try #require(try read(write([row], run: run))["Inventory"]).texts
    #expect(texts[0].count == count + 16_384 - limit && texts[0].last == InventoryColumns.trailing.last)
    #expect(texts[1][count + 1] == "c\(count)" && texts[1][count + 2] == "not_found")
  }

  @Test("has as many links as memory is meant for; the other addresses are there as text")
  func manyLinks() throws {
    let workbook = try Workbook(place: place, title: "", made: Timestamp(milliseconds: 1_000))
    let sheet = try workbook.addSheet(named: "A")
    for index in 0..<10_005 { try sheet.append([.address("https://a.example/\(index)")]) }
    #expect(sheet.linkCount == 10_000)
    try workbook.close()
    let cells = try #require(try ReadWorkbook(path: workbook.path)["A"]).rows.map { $0[0] }
    #expect(cells.map(\.value) == (0..<10_005).map { "https://a.example/\($0)" })
    #expect(cells.filter { $0.link == $0.value }.count == 10_000)
  }

  @Test("several are made at once, and standard error is where it was")
  func atOnce() async throws {
    // The variable itself, which the compiler lets nobody read, and what the C library starts it with: other tests of
    // this process close workbooks too, so what it holds at this moment may be what one of them has put there.
    let variable = try #require(dlsym(nil, "stderr"))
    let standardError = try #require(dlsym(nil, "_IO_2_1_stderr_"))
    DispatchQueue.concurrentPerform(iterations: 40) { index in
      let workbook = try? Workbook(place: "\(place)-\(index)", title: "", made: Timestamp(milliseconds: 1_000))
      try? workbook?.addSheet(named: "A").append([.text("one")])
      try? workbook?.close()
    }
    // One that is closed by another test gives it back soon; what two have taken from each other is lost for good.
    let patience = ContinuousClock.now + .seconds(30)
    while variable.load(as: UnsafeMutableRawPointer.self) != standardError {
      guard .now < patience else {
        // Or nobody would read of it.
        variable.storeBytes(of: standardError, as: UnsafeMutableRawPointer.self)
        Issue.record("standard error was not given back")
        return
      }
      try await Task.sleep(for: .milliseconds(1))
    }
  }

  @Test("is the same for the same run, byte for byte, and leaves nothing beside it")
  func same() throws {
    var files: [Data] = []
    for _ in 0..<2 {
      try ReportFolder(path: folder.path, formats: [.xlsx], html: .english()).write(NastyRows.run) {
        try $0(NastyRows.rows)
      }
      files.append(try Data(contentsOf: URL(filePath: place)))
      #expect(try folder.content == ["inventory.xlsx", "manifest.json"])
    }
    #expect(files[0] == files[1])
    #expect(try folder.text("manifest.json").contains(#""format":"xlsx","rows":27,"bytes":\#(files[0].count)}"#))
  }

  @Test("that is not whole is found out: cut off, damaged, or with other rows than were written")
  func check() throws {
    let workbook = try Workbook(place: place, title: "", made: Timestamp(milliseconds: 1_000))
    let sheet = try workbook.addSheet(named: "A")
    for index in 0..<5000 { try sheet.append([.number(index), .address("https://a.example/\(index)")]) }
    let content = try sheet.settle()
    try workbook.close()
    let bytes = try Data(contentsOf: URL(filePath: workbook.path))
    func isWhole(_ bytes: Data, _ content: SheetContent) throws -> Bool {
      let path = folder.path + "/copy"
      try bytes.write(to: URL(filePath: path))
      return try PackageCheck.isWhole(path, sheets: [content])
    }
    #expect(try isWhole(bytes, content))
    for length in [0, 3, 100, bytes.count / 2, bytes.count - 22, bytes.count - 1] {
      #expect(try !isWhole(bytes.prefix(length), content), "\(length)")
    }
    #expect(try !isWhole(bytes + [0], content))
    for place in [0, 300, 5000, bytes.count / 2, bytes.count - 30_000] {
      var damaged = bytes
      damaged.replaceSubrange(place..<place + 8, with: [UInt8](repeating: 0x55, count: 8))
      #expect(try !isWhole(damaged, content), "\(place)")
    }
    var other = content
    other.linkCount += 1
    #expect(try !isWhole(bytes, other))
    other = content
    other.add([0][...])
    #expect(try !isWhole(bytes, other))
    #expect(try !PackageCheck.isWhole(folder.path + "/copy", sheets: [content, content]))
  }
}
