import Foundation
import Glibc
import Testing

extension TheDatabase {
  /// Root hides faults that stop everybody else, and so does a shell that sets what a timer or a container does not.
  @Suite("As an ordinary user", .timeLimit(.minutes(3)))
  struct OrdinaryUserTests {
    private var program: Program
    private static let arguments = ["run", "list.csv", "--sandbox", "--rate", "0", "--max-attempts", "2"]

    init() throws {
      program = try Program()
      try program.folder.writeList((1...40).map { "project-\($0)" })
    }

    private func attribute(_ key: FileAttributeKey, of name: String) throws -> Int {
      try #require(try FileManager.default.attributesOfItem(atPath: program.folder.path + "/" + name)[key] as? Int)
    }

    @Test("a run works, and is not run by root")
    func works() async throws {
      let ending = try await program.run(Self.arguments)
      #expect(ending.status == 2, "\(ending.error)")
      let inventory = Inventory(in: program.folder)
      try inventory.expectBalance(lines: Array(2...41))
      #expect(try inventory.csv().contains { $0["outcome"] == "found" })
      // Failed for the sandbox's own reasons alone.
      #expect(try inventory.csv().allSatisfy { $0["error_code"]?.hasPrefix("connection") != true })
      #expect(try attribute(.ownerAccountID, of: "inventory/inventory.db") != 0)
    }

    @Test("a run needs no HOME, no other variable and no entry in the passwd file", arguments: [nil, 64_123 as uid_t])
    func bare(user: uid_t?) async throws {
      var program = program
      program.environment = [:]
      if let user, getuid() == 0 {
        program.user = OrdinaryUser.command(as: .init(user: user, group: user))
        #expect(lchown(program.folder.path, user, user) == 0)
      }
      for command in [Self.arguments, ["plan", "list.csv", "--sandbox"], ["report"], ["runs"], ["changes"]] {
        let ending = try await program.run(command)
        #expect([0, 2].contains(ending.status), "\(command): \(ending.error)")
      }
      try Inventory(in: program.folder).expectBalance(lines: Array(2...41))
    }

    @Test("the umask says who may read what a run leaves, the group bit of the folder included")
    func permissions() async throws {
      for (mask, mode) in [("077", 0o600), ("027", 0o640), ("002", 0o664)] as [(String, Int)] {
        var program = program
        program.wrapper = ["/bin/sh", "-c", "umask \(mask); exec \"$0\" \"$@\""]
        #expect(try await program.run(Self.arguments + ["-o", mask]).status == 2)
        for name in ["inventory.csv", "inventory.jsonl", "inventory.html", "manifest.json", "inventory.db"] {
          let rights = try attribute(.posixPermissions, of: "\(mask)/\(name)")
          #expect(rights == mode, "\(mask) \(name) \(String(rights, radix: 8))")
        }
      }
    }

    @Test("two users of a group share reports and history", .enabled(if: getuid() == 0, "needs another user"))
    func group() async throws {
      let group: gid_t = 64_200
      try FileManager.default.createDirectory(
        atPath: program.folder.path + "/shared", withIntermediateDirectories: true)
      let path = program.folder.path + "/shared"
      #expect(chmod(program.folder.path, 0o755) == 0 && lchown(path, 1, group) == 0 && chmod(path, 0o2775) == 0)
      for (user, run) in [(64_201, 1), (64_202, 2), (64_201, 3)] as [(uid_t, Int)] {
        var program = program
        program.user = OrdinaryUser.command(as: .init(user: user, group: group))
        program.wrapper = ["/bin/sh", "-c", "umask 007; exec \"$0\" \"$@\""]
        // What a killed process of another user has left.
        if run == 2 {
          for name in [".inventory.lock", "inventory.db-lock", ".inventory.csv.partial"] {
            try program.folder.write("shared/" + name, "process 1, since ever\n")
            #expect(lchown("\(path)/\(name)", 64_201, group) == 0 && chmod("\(path)/\(name)", 0o640) == 0)
          }
        }
        let ending = try await program.run(Self.arguments + ["-o", "shared"])
        #expect(ending.status == 2, "\(ending.error)")
        #expect(
          ending.error.contains("Run \(run) finished in ") && ending.error.contains(": list.csv, 40 rows\n"),
          "\(ending.error)")
        let files = ["inventory.csv", "inventory.db", "inventory.html", "inventory.jsonl", "manifest.json"]
        #expect(try program.folder.content("shared") == files)
        for name in files {
          #expect(try attribute(.groupOwnerAccountID, of: "shared/" + name) == Int(group))
          #expect(try attribute(.posixPermissions, of: "shared/" + name) == 0o660, "\(name)")
        }
      }
    }

    @Test(
      "what may not be written or read is named before any request", .enabled(if: getuid() == 0, "needs another user"))
    func othersFiles() async throws {
      let folder = program.folder.path
      try program.folder.write("key", "a-key-of-root")
      func deny(_ name: String, _ mode: mode_t) {
        #expect(lchown(folder + "/" + name, 1, 1) == 0 && chmod(folder + "/" + name, mode) == 0)
      }
      try FileManager.default.createDirectory(atPath: folder + "/theirs", withIntermediateDirectories: true)
      try FileManager.default.createDirectory(atPath: folder + "/sticky", withIntermediateDirectories: true)
      try program.folder.write("sticky/inventory.csv", "theirs\n")
      deny("theirs", 0o755)
      deny("sticky", 0o1777)
      deny("sticky/inventory.csv", 0o644)
      deny("key", 0o600)
      let cases: [([String], Int32, String)] = [
        (["-o", "theirs"], 73, "theirs"), (["-o", "theirs/new"], 73, "theirs"),
        (["--database", "theirs/x.db"], 73, "theirs"),
        // Who may write in a sticky folder may still not replace another user's file there.
        (["-o", "sticky"], 73, "sticky/inventory.csv"),
        (["--credentials", "key"], 66, "key"),
      ]
      for (options, status, name) in cases {
        for command in ["run", "plan"] {
          let ending = try await program.run([command, "list.csv", "--sandbox", "--rate", "0"] + options)
          #expect(ending.status == status, "\(command) \(options): \(ending.status) \(ending.error)")
          #expect(ending.error.contains(name), "\(ending.error)")
          #expect(!ending.error.contains("requests"), "\(ending.error)")
        }
      }
    }
  }
}
