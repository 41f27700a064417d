import Foundation
import Glibc
import SandboxGateway
import Testing

/// A folder with an inventory that belongs to another user than the one who reads it.
struct InventoryOfOthers {
  /// Of nobody on this machine.
  static let owner = OrdinaryUser.Account(user: 64_301, group: 64_301)
  static let count = 40

  /// The program as the one who may only read.
  let reader: Program
  /// The program as the owner, in the same folder.
  let writer: Program
  private let name: String

  private var path: String { "\(reader.folder.path)/\(name)" }

  /// Makes the folder; the owner's runs fill it.
  init(_ name: String = "inventory") throws {
    self.name = name
    reader = try Program()
    var writer = reader
    writer.user = OrdinaryUser.command(as: Self.owner)
    self.writer = writer
    try reader.folder.writeList((1...Self.count).map { "project-\($0)" })
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try #require(lchown(path, Self.owner.user, Self.owner.group) == 0)
    try permit(0o755)
  }

  /// What a gateway answers to each project, run for run.
  static let behavior = SandboxBehavior(
    script: Dictionary(uniqueKeysWithValues: (1...count).map { ("project-\($0)", [SandboxReply.enveloped]) }))

  func arguments(_ baseURL: String, rate: String = "0") -> [String] {
    ["list.csv", "--base-url", baseURL, "--rate", rate, "-o", name]
  }

  func permit(_ mode: mode_t, _ file: String? = nil) throws {
    try #require(chmod(file.map { "\(path)/\($0)" } ?? path, mode) == 0)
  }

  /// Has the owner run the program and kills it, when some of the answers are in the database's log.
  func kill(_ baseURL: String) async throws {
    let running = try writer.start(arguments(baseURL, rate: "30"))
    try await wait { try answersOfAll() > Self.count }
    running.send(SIGKILL)
    #expect(try await running.ending.signal == SIGKILL)
    #expect(try reader.folder.data("\(name)/inventory.db-wal").count > 0)
  }

  /// Rows that are answered, in all runs.
  func answersOfAll() throws -> Int {
    let answers = try Inventory(in: reader.folder, name).queryCopy(
      "SELECT count(*) FROM results WHERE outcome IS NOT NULL")
    return Int(answers.first ?? "") ?? 0
  }

  /// Every file in the folder, with its content and the time of its last change.
  func state() throws -> [String: String] {
    var state: [String: String] = [:]
    for name in try reader.folder.content(self.name) + ["."] {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
      let content = try? reader.folder.data("\(self.name)/\(name)")
      state[name] = "\(content?.hashValue ?? 0) \(try #require(attributes[.modificationDate] as? Date))"
    }
    return state
  }

  /// Has the reader give every command that only reads, each of which must succeed and leave the folder as it was.
  ///
  /// - Parameters:
  ///   - answers: what the database holds at least, and at most, in rows that are answered.
  ///   - isStill: whether nobody writes there meanwhile.
  func expectReadable(
    answers: ClosedRange<Int>, isStill: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let database = ["--database", "\(name)/inventory.db"]
    let commands = [
      ["query", "SELECT count(*) AS n FROM results WHERE outcome IS NOT NULL", "--format", "csv"] + database,
      ["runs", "--format", "csv"] + database, ["changes", "--all"] + database,
      ["query", "SELECT count(*) AS n FROM latest_changes"] + database,
      ["report", "--run", "1", "--format", "csv", "-o", "-"] + database,
      ["report", "--run", "1", "-o", "copy"] + database,
    ]
    let before = try state()
    for command in commands {
      let ending = try await reader.run(command)
      #expect(ending.status == 0, "\(command): \(ending.error)", sourceLocation: sourceLocation)
      if isStill { #expect(try state() == before, "\(command)", sourceLocation: sourceLocation) }
      if command[0] == "query", command[2] == "--format" {
        let count = Int(ending.output.split(whereSeparator: \.isNewline).last ?? "") ?? -1
        #expect(answers.contains(count), "\(ending.output)", sourceLocation: sourceLocation)
      }
      if command[0] == "runs" { #expect(ending.output.contains("finished"), sourceLocation: sourceLocation) }
      if command.last == "-" {
        #expect(
          ending.output.split(whereSeparator: \.isNewline).count == Self.count + 1, sourceLocation: sourceLocation)
      }
    }
    #expect(try Inventory(in: reader.folder, "copy").csv().count == Self.count, sourceLocation: sourceLocation)
    try FileManager.default.removeItem(atPath: reader.folder.path + "/copy")
  }
}
