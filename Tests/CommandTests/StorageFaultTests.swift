import Foundation
import SandboxGateway
import Testing

extension TheDatabase {
  /// Faults of disks, made by the system itself: `strace` lets single calls fail or kills the process at them, and small
  /// file systems fill up.
  @Suite("Storage that fails", .timeLimit(.minutes(5)))
  struct StorageFaultTests {
    private let program: Program
    private static let count = 60

    init() throws {
      program = try Program()
      try program.folder.writeList((1...Self.count).map { "project-\($0)" })
    }

    private static let behavior = SandboxBehavior(
      script: Dictionary(uniqueKeysWithValues: (1...count).map { ("project-\($0)", [SandboxReply.enveloped]) }))

    private func arguments(_ baseURL: String) -> [String] { ["list.csv", "--base-url", baseURL, "--rate", "300"] }

    /// The program under `strace`, which tampers with its system calls.
    ///
    /// - Parameter path: of the file that the calls must be about; nil for any.
    private func tampered(_ tampering: String, path: String? = nil) -> Program {
      var program = program
      // By descriptor the file has its whole path, by name the one that was given.
      let paths = path.map { ["-P", $0, "-P", program.folder.path + "/" + $0] } ?? []
      program.wrapper = ["/usr/bin/strace", "-f", "-qq", "-o", "/dev/null"] + paths + ["-e", "inject=" + tampering]
      return program
    }

    private var reports: [String] { ["inventory.csv", "inventory.jsonl", "inventory.html", "manifest.json"] }

    private func reportContents() throws -> [Data] { try reports.map { try program.folder.data("inventory/" + $0) } }

    /// Everything answered, everything in place, nothing beside it.
    private func expectComplete(sourceLocation: SourceLocation = #_sourceLocation) throws {
      let inventory = Inventory(in: program.folder)
      #expect(
        try program.folder.content("inventory") == [
          "inventory.csv", "inventory.db", "inventory.html", "inventory.jsonl", "manifest.json",
        ], sourceLocation: sourceLocation)
      try inventory.expectBalance(lines: Array(2...Self.count + 1), sourceLocation: sourceLocation)
      #expect(try inventory.csv().allSatisfy { $0["outcome"] == "found" }, sourceLocation: sourceLocation)
      #expect(try inventory.query("PRAGMA integrity_check") == ["ok"], sourceLocation: sourceLocation)
    }

    @Test(
      "ends the run with 73 and the file's name, wherever in the ledger it happens; the run goes on when there is space",
      arguments: [
        "pwrite64:error=ENOSPC:when=", "pwrite64:error=EIO:when=", "fdatasync:error=EIO:when=",
        "fsync:error=ENOSPC:when=",
      ])
    func ledger(tampering: String) async throws {
      let log = SandboxLog()
      try await SandboxServer(behavior: Self.behavior, log: log).serving { [program] baseURL in
        #expect(try await program.run(arguments(baseURL)).status == 0)
        let before = try reportContents()
        var failures = 0
        for time in [1, 2, 3, 4, 6, 9, 14, 22, 35] {
          let ending = try await tampered("\(tampering)\(time)+").run(arguments(baseURL))
          // With calls enough, the fault comes too late to do any harm.
          if ending.status == 0 { break }
          failures += 1
          #expect(ending.status == 73, "call \(time): \(ending.error)")
          // The folder's own sync, and the ledger's last word, come when reports are in their places.
          let inventory = Inventory(in: program.folder)
          if try reportContents() != before {
            // Then, and not before: every row is answered.
            #expect(try inventory.queryCopy("SELECT count(*) FROM results WHERE outcome IS NULL") == ["0"])
            break
          }
          #expect(ending.error.contains("inventory/"), "\(ending.error)")
          #expect(try inventory.queryCopy("PRAGMA integrity_check") == ["ok"])
          let committed = Set(
            try inventory.queryCopy(
              """
              SELECT project_id FROM results JOIN runs ON runs.id = run_id
              WHERE outcome IS NOT NULL AND state = 'running'
              """))
          let asked = log.entries.count
          let resumed = try await program.run(arguments(baseURL) + ["--resume"])
          #expect(resumed.status == 0, "\(resumed.error)")
          #expect(Set(log.entries.dropFirst(asked).compactMap(\.projectID)).isDisjoint(with: committed))
          try expectComplete()
          // A new beginning for the next fault, with the reports that must not be touched.
          for (name, content) in zip(reports, before) { try program.folder.write("inventory/" + name, content) }
        }
        #expect(failures >= 2)
      }
    }

    @Test(
      "while reports are written leaves the earlier ones as they were, names the file, and sends nothing when resumed",
      arguments: ["inventory.csv", "inventory.jsonl", "inventory.html", "manifest.json"],
      ["write:error=ENOSPC:when=1+", "fsync:error=EIO:when=1+", "rename:error=EACCES:when=1+"])
    func reports(name: String, tampering: String) async throws {
      let log = SandboxLog()
      try await SandboxServer(behavior: Self.behavior, log: log).serving { [program] baseURL in
        #expect(try await program.run(arguments(baseURL)).status == 0)
        let before = try reportContents()
        let ending = try await tampered(tampering, path: "inventory/.\(name).partial").run(arguments(baseURL))
        #expect(ending.status == 73, "\(ending.error)")
        #expect(ending.error.contains("inventory/\(name)"), "\(ending.error)")
        #expect(ending.error.contains("--resume"))
        // What was put in place before it was a whole file; the manifest is the last.
        if !tampering.hasPrefix("rename") { #expect(try reportContents() == before) }
        #expect(try program.folder.data("inventory/manifest.json") == before[3])
        #expect(try program.folder.content("inventory").allSatisfy { !$0.hasSuffix(".partial") })
        let asked = log.entries.count
        let resumed = try await program.run(arguments(baseURL) + ["--resume"])
        #expect(resumed.status == 0)
        #expect(log.entries.count == asked)
        try expectComplete()
        #expect(try Inventory(in: program.folder).query("SELECT state FROM runs") == ["finished", "finished"])
      }
    }

    @Test(
      "a folder that can't be synced, because its file system knows no such thing, is none",
      arguments: ["EINVAL", "EOPNOTSUPP", "ENOSYS", "EBADF"])
    func unsyncedFolder(error: String) async throws {
      try await SandboxServer(behavior: Self.behavior).serving { [program] baseURL in
        try FileManager.default.createDirectory(
          atPath: program.folder.path + "/inventory", withIntermediateDirectories: true)
        let ending = try await tampered("fsync:error=\(error):when=1+", path: "inventory").run(arguments(baseURL))
        #expect(ending.status == 0, "\(ending.error)")
        try expectComplete()
      }
    }

    @Test("a folder that may be written to and not be read is none, either")
    func unreadableFolder() async throws {
      try await SandboxServer(behavior: Self.behavior).serving { [program] baseURL in
        let folder = program.folder.path + "/inventory"
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o300])
        let ending = try await program.run(arguments(baseURL))
        #expect(ending.status == 0, "\(ending.error)")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
        try expectComplete()
      }
    }

    @Test(
      "a process that is killed at any write, sync or rename leaves a whole ledger, and the run goes on",
      arguments: ["pwrite64", "fdatasync", "fsync", "rename", "unlink", "write"])
    func killed(call: String) async throws {
      let log = SandboxLog()
      try await SandboxServer(behavior: Self.behavior, log: log).serving { [program] baseURL in
        var kills = 0
        for time in [1, 2, 3, 4, 5, 7, 10, 16, 28, 40] {
          let asked = log.entries.count
          let ending = try await tampered("\(call):signal=KILL:when=\(time)").run(arguments(baseURL) + ["--resume"])
          if ending.status == 0 { break }
          kills += 1
          #expect(ending.signal == SIGKILL, "\(ending.error)")
          guard program.folder.exists("inventory/inventory.db") else { continue }
          let inventory = Inventory(in: program.folder)
          #expect(try inventory.queryCopy("PRAGMA integrity_check") == ["ok"], "\(call) \(time)")
          var committed: Set<String> = []
          if try inventory.queryCopy("SELECT name FROM sqlite_schema WHERE name = 'results'") == ["results"] {
            committed = Set(
              try inventory.queryCopy(
                """
                SELECT project_id FROM results JOIN runs ON runs.id = run_id
                WHERE outcome IS NOT NULL AND state <> 'finished'
                """))
          }
          let resumed = log.entries.count
          let next = try await program.run(arguments(baseURL) + ["--resume"])
          #expect(next.status == 0, "\(next.error)")
          #expect(Set(log.entries.dropFirst(resumed).compactMap(\.projectID)).isDisjoint(with: committed))
          #expect(log.entries.count - asked <= 2 * Self.count)
          try expectComplete()
          try FileManager.default.removeItem(atPath: program.folder.path + "/inventory")
        }
        #expect(kills >= 1)
      }
    }

    @Test(
      "a full file system ends the run with 73; it goes on when there is space again", .enabled(if: Mount.isPossible))
    func fullFileSystem() async throws {
      let log = SandboxLog()
      // Answers that take up space.
      let filler = String(repeating: "x", count: 20_000)
      let reply = SandboxReply.custom(
        status: 200, body: #"{"webhookUrl":"https://hooks.acme.example/","filler":"\#(filler)"}"#)
      let script = Dictionary(uniqueKeysWithValues: (1...Self.count).map { ("project-\($0)", [reply]) })
      try await SandboxServer(behavior: SandboxBehavior(script: script), log: log).serving { [program] baseURL in
        try await Mount.using(size: "700k", at: "small", in: program.folder) { mount in
          let arguments = arguments(baseURL) + ["-o", "small/out"]
          let ending = try await program.run(arguments)
          #expect(ending.status == 73, "\(ending.error)")
          #expect(ending.error.contains("no space left on device"))
          #expect(ending.error.contains("small/out/"))
          #expect(!program.folder.exists("small/out/manifest.json"))
          let inventory = Inventory(in: program.folder, "small/out")
          try mount.resize(to: "64m")
          #expect(try inventory.queryCopy("PRAGMA integrity_check") == ["ok"])
          let committed = Set(try inventory.queryCopy("SELECT project_id FROM results WHERE outcome IS NOT NULL"))
          let asked = log.entries.count
          let resumed = try await program.run(arguments + ["--resume"])
          #expect(resumed.status == 0, "\(resumed.error)")
          #expect(Set(log.entries.dropFirst(asked).compactMap(\.projectID)).isDisjoint(with: committed))
          try inventory.expectBalance(lines: Array(2...Self.count + 1))
        }
      }
    }

    @Test("a file system that is full when reports are written keeps the earlier ones", .enabled(if: Mount.isPossible))
    func fullForReports() async throws {
      try await SandboxServer(behavior: Self.behavior).serving { [program] baseURL in
        try await Mount.using(size: "64k", at: "small", in: program.folder) { mount in
          let arguments = arguments(baseURL) + ["-o", "small/out", "--database", "history.db", "--format", "csv,jsonl"]
          try mount.resize(to: "64m")
          try program.folder.write("short.csv", "project_id\nproject-1\n")
          #expect(try await program.run(["short.csv"] + arguments.dropFirst()).status == 0)
          let names = ["inventory.csv", "inventory.jsonl", "manifest.json"]
          let before = try names.map { try program.folder.data("small/out/" + $0) }
          try mount.resize(to: "32k")
          let ending = try await program.run(arguments)
          #expect(ending.status == 73, "\(ending.error)")
          #expect(ending.error.contains("no space left on device"))
          #expect(try names.map { try program.folder.data("small/out/" + $0) } == before)
          #expect(try program.folder.content("small/out") == names)
          try mount.resize(to: "64m")
          #expect(try await program.run(arguments + ["--resume"]).status == 0)
          #expect(try Inventory(in: program.folder, "small/out").csv().count == Self.count)
        }
      }
    }

    @Test("a place that is read-only is told before any request", .enabled(if: Mount.isPossible))
    func readOnly() async throws {
      let log = SandboxLog()
      try await SandboxServer(behavior: Self.behavior, log: log).serving { [program] baseURL in
        try await Mount.using(size: "4m", at: "frozen", in: program.folder) { mount in
          #expect(try await program.run(arguments(baseURL) + ["-o", "frozen/out"]).status == 0)
          let asked = log.entries.count
          let content = try program.folder.content("frozen/out")
          try mount.freeze()
          for options in [
            ["-o", "frozen/out"], ["-o", "frozen/new"], ["--database", "frozen/out/inventory.db"],
            ["-o", "frozen/out", "--resume"],
          ] {
            let ending = try await program.run(arguments(baseURL) + options)
            #expect(ending.status == 73, "\(ending.error)")
            #expect(ending.error.contains("frozen/"))
          }
          #expect(log.entries.count == asked)
          #expect(try program.folder.content("frozen/out") == content)
        }
      }
    }

    @Test("a database that is damaged, of another program or of a newer version is refused and left as it is; 73")
    func unusableDatabase() async throws {
      let log = SandboxLog()
      try await SandboxServer(behavior: Self.behavior, log: log).serving { [program] baseURL in
        #expect(try await program.run(arguments(baseURL)).status == 0)
        let asked = log.entries.count
        let good = try program.folder.data("inventory/inventory.db")
        let shell: [(String, String, String)] = [
          ("newer.db", "PRAGMA journal_mode = DELETE; PRAGMA user_version = 999", "newer"),
          ("foreign.db", "PRAGMA journal_mode = DELETE; PRAGMA application_id = 7", "another program"),
        ]
        for (name, sql, _) in shell {
          try program.folder.write(name, good)
          #expect(try Shell.run("/usr/bin/sqlite3", [name, sql], in: program.folder) == 0)
        }
        try program.folder.write("torn.db", good.prefix(3000))
        var damaged = good
        damaged.replaceSubrange(0..<100, with: [UInt8](repeating: 0xAA, count: 100))
        try program.folder.write("damaged.db", damaged)
        try program.folder.write("text.db", "project_id\nproject-1\n")
        for (name, says) in shell.map({ ($0.0, $0.2) }) + [
          ("torn.db", "damaged"), ("damaged.db", "damaged"), ("text.db", "damaged"),
        ] {
          let before = try program.folder.data(name)
          let ending = try await program.run(arguments(baseURL) + ["--database", name])
          #expect(ending.status == 73, "\(name): \(ending.error)")
          #expect(ending.error.contains(name) && ending.error.contains(says), "\(ending.error)")
          #expect(try program.folder.data(name) == before, "\(name)")
          #expect(try program.folder.content().filter { $0.hasPrefix(name) } == [name])
        }
        #expect(log.entries.count == asked)
        try expectComplete()
      }
    }

    @Test("calls no run finished whose rows come out of the database other than they were answered; 73")
    func otherRows() async throws {
      try await SandboxServer(behavior: Self.behavior).serving { [program] baseURL in
        #expect(try await program.run(arguments(baseURL)).status == 0)
        let before = try reportContents()
        for tampering in ["DELETE FROM results", "UPDATE results SET outcome = 'not_found'"] {
          let trigger = """
            CREATE TRIGGER tampering AFTER UPDATE OF requests ON runs
            BEGIN \(tampering) WHERE run_id = new.id AND line = 30; END
            """
          let database = "inventory/inventory.db"
          #expect(try Shell.run("/usr/bin/sqlite3", [database, trigger], in: program.folder) == 0)
          let ending = try await program.run(arguments(baseURL))
          #expect(ending.status == 73, "\(tampering): \(ending.error)")
          #expect(ending.error.contains("damaged"), "\(ending.error)")
          #expect(try reportContents() == before)
          #expect(
            try Inventory(in: program.folder).query("SELECT state FROM runs ORDER BY id DESC LIMIT 1") != ["finished"])
          #expect(try Shell.run("/usr/bin/sqlite3", [database, "DROP TRIGGER tampering"], in: program.folder) == 0)
        }
        #expect(try await program.run(arguments(baseURL)).status == 0)
        try expectComplete()
      }
    }

    @Test("standard error that is full, closed or read by nobody ends no run")
    func deafTerminal() async throws {
      try await SandboxServer(behavior: Self.behavior).serving { [program] baseURL in
        let full = try program.start(
          arguments(baseURL) + ["-v"], standardError: FileHandle(forWritingAtPath: "/dev/full"))
        #expect(try await full.ending.status == 0)
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let closed = try program.start(arguments(baseURL) + ["-v"], standardError: pipe.fileHandleForWriting)
        #expect(try await closed.ending.status == 0)
        try expectComplete()
      }
    }

    @Test("a report that is a symbolic link stays one, and its target is replaced whole")
    func symbolicLink() async throws {
      try FileManager.default.createDirectory(
        atPath: program.folder.path + "/inventory", withIntermediateDirectories: true)
      try FileManager.default.createDirectory(
        atPath: program.folder.path + "/shared", withIntermediateDirectories: true)
      try program.folder.write("shared/report.csv", "old")
      try FileManager.default.createSymbolicLink(
        atPath: program.folder.path + "/inventory/inventory.csv", withDestinationPath: "../shared/report.csv")
      let ending = try await SandboxServer(behavior: Self.behavior).serving { [program] baseURL in
        try await program.run(arguments(baseURL))
      }
      #expect(ending.status == 0)
      let link = try FileManager.default.destinationOfSymbolicLink(
        atPath: program.folder.path + "/inventory/inventory.csv")
      #expect(link == "../shared/report.csv")
      #expect(try program.folder.text("shared/report.csv").hasPrefix("line,project_id"))
      #expect(try program.folder.content("shared") == ["report.csv"])
    }
  }
}

/// A small file system of a test's own, in memory. Only root may mount one.
struct Mount {
  private let place: String

  static let isPossible: Bool = {
    guard getuid() == 0, let scratch = try? Scratch(), (try? mount("64k", "probe", scratch)) == 0 else {
      print("skipped: tests that need a small file system; only root can mount one")
      return false
    }
    return (try? Shell.run("/usr/bin/umount", [scratch.path + "/probe"], in: scratch)) == 0
  }()

  private static func mount(_ size: String, _ name: String, _ folder: Scratch) throws -> Int32 {
    let place = folder.path + "/" + name
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    return try Shell.run("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=\(size)", "tmpfs", place], in: folder)
  }

  static func using(
    size: String, at name: String, in folder: Scratch, operation: (Mount) async throws -> Void
  ) async throws {
    try #require(try mount(size, name, folder) == 0)
    let mount = Mount(place: folder.path + "/" + name)
    defer { _ = try? Shell.run("/usr/bin/umount", ["-l", mount.place], in: folder) }
    try await operation(mount)
  }

  func resize(to size: String) throws { try remount("remount,size=\(size)") }

  func freeze() throws { try remount("remount,ro") }

  private func remount(_ options: String) throws {
    let folder = try Scratch()
    try #require(try Shell.run("/usr/bin/mount", ["-o", options, place], in: folder) == 0)
  }
}
