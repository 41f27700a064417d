import Foundation
import InventoryModel
import SandboxGateway
import Testing

@testable import InventoryJobs

extension TheProgram {
  @Suite("A shard", .timeLimit(.minutes(5)))
  struct ShardTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    private let ids = (1...120).map { "project-\($0)" }
    private static let quick = ["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1"]

    @Test("takes the rows that hash to it, and all of them are the list: invalid, empty and double ones too")
    func rows() async throws {
      try program.folder.write(
        "list.csv",
        "owner,project_id\n" + (ids + ["..", "", "project-3", "project-3", "é"]).map { "o,\($0)\n" }.joined())
      var lines: [Int] = []
      var projects: [String: Set<Int>] = [:]
      for number in 1...4 {
        let arguments = Self.quick + ["--shard", "\(number)/4", "-o", "shard-\(number)"]
        let ending = try await program.run(arguments)
        #expect([0, 2].contains(ending.status), "\(ending.error)")
        #expect(ending.error.contains(": list.csv, shard \(number)/4, "))
        let inventory = Inventory(in: program.folder, "shard-\(number)")
        let own = try inventory.csv().compactMap { Int($0["line"] ?? "") }
        try inventory.expectBalance(lines: own)
        #expect(own == own.sorted())
        lines += own
        for record in try inventory.csv() { projects[record["project_id"] ?? "", default: []].insert(number) }
        #expect(
          try inventory.query("SELECT shard, list_rows, whole_list_rows, state FROM runs") == [
            "\(number)/4|\(own.count)|125|finished"
          ])
      }
      #expect(lines.sorted() == Array(2...126))
      #expect(projects.values.allSatisfy { $0.count == 1 })
      // As any tool computes it: printf %s project-3 | sha256sum
      #expect(projects["é"] == [Int(0x4a99_557e as UInt32) % 4 + 1])
      let digests = try (1...4).map {
        try Inventory(in: program.folder, "shard-\($0)").query("SELECT list_digest FROM runs")
      }
      #expect(Set(digests).count == 1)
    }

    @Test("without rows is a finished run with empty reports")
    func empty() async throws {
      try program.folder.writeList(["alpha"])
      // 0x8ed3f6ad modulo 2 is 1: it is in the second of two.
      let ending = try await program.run(Self.quick + ["--shard", "1/2"])
      #expect(ending.status == 0, "\(ending.error)")
      let inventory = Inventory(in: program.folder)
      try inventory.expectBalance(lines: [])
      #expect(try inventory.manifest()["state"] as? String == "finished")
      #expect(try inventory.query("SELECT list_rows, whole_list_rows, requests FROM runs") == ["0|1|0"])
    }

    @Test("finds what is wrong with any row of the list, its own or not")
    func errors() async throws {
      try program.folder.write("list.csv", "project_id,a\n" + ids.map { "\($0),x\n" }.joined() + "last,x,surplus\n")
      for number in 1...3 {
        let ending = try await program.run(Self.quick + ["--shard", "\(number)/3", "-o", "out"])
        #expect(ending.status == 65)
        #expect(ending.error.contains("list.csv line 122"))
        #expect(!program.folder.exists("out"))
      }
      try program.folder.writeList(ids + ["canary-key-4711"])
      for number in 1...3 {
        let ending = try await program.run([
          "list.csv", "--base-url", "http://127.0.0.1:9", "--shard", "\(number)/3", "-o", "out",
        ])
        #expect(ending.status == 65)
        #expect(ending.error.contains("line 122: the project ID contains a key"))
      }
    }

    @Test("has its share of the rate, so that all of them together keep it")
    func rate() async throws {
      try program.folder.writeList(ids)
      let log = SandboxLog()
      let script = Dictionary(uniqueKeysWithValues: ids.map { ($0, [SandboxReply.flat]) })
      let server = SandboxServer(behavior: SandboxBehavior(script: script), log: log)
      try await server.serving { [program] baseURL in
        let shards = try (1...3).map { number in
          try program.start([
            "list.csv", "--base-url", baseURL, "--rate", "30", "--shard", "\(number)/3", "-o", "shard-\(number)",
          ])
        }
        for shard in shards { #expect(try await shard.ending.status == 0) }
      }
      #expect(log.entries.count == ids.count)
      // Each of three may begin a burst of one.
      let times = log.entries.map(\.time).sorted()
      for index in times.indices {
        let within = times[index...].prefix { $0 - times[index] < .seconds(1) }.count
        #expect(within <= 30 + 3 + 1)
      }
      for number in 1...3 {
        let inventory = Inventory(in: program.folder, "shard-\(number)")
        #expect(try inventory.query("SELECT rate FROM runs") == ["30/s"])
        // The pauses between its requests are those of a third: 100 ms.
        let fetched = try inventory.query(
          """
          SELECT (max(julianday(fetched_at)) - min(julianday(fetched_at))) * 86400 >= (count(*) - 2) * 0.1 FROM results
          """)
        #expect(fetched == ["1"])
      }
    }

    @Test("is what plan tells of: its rows, its share of the rate, and the whole list")
    func plan() async throws {
      try program.folder.writeList(ids)
      let ending = try await program.run([
        "plan", "list.csv", "--sandbox", "--rate", "40", "--burst", "9", "--shard", "2/4", "--json",
      ])
      #expect(ending.status == 0, "\(ending.error)")
      let json = try #require(try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
      let list = try #require(json["list"] as? [String: Any])
      let rows = try #require(list["rows"] as? Int)
      #expect(list["shard"] as? String == "2/4")
      #expect(list["whole_rows"] as? Int == 120)
      #expect((15...45).contains(rows))
      let pace = try #require(json["pace"] as? [String: Any])
      #expect(pace["requests"] as? Int == rows)
      #expect(pace["rate"] as? String == "40/s")
      // Ten a second, two at once, after the first shard's turn.
      #expect(pace["least_ms"] as? Int == (rows - 2) * 100 + 25)
      let text = try await program.run(["plan", "list.csv", "--sandbox", "--rate", "40", "--shard", "2/4"])
      #expect(text.output.contains("2/4, of 120 rows in total"))
      #expect(text.output.contains("40/s divided by 4"))
    }

    @Test("is continued as the shard that it is, and as no other")
    func resuming() async throws {
      try program.folder.writeList(ids)
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { [program] baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--max-attempts", "1"]
        let running = try program.start(arguments + ["--rate", "40", "--shard", "2/2"])
        try await wait { log.entries.count > 5 }
        running.send(SIGKILL)
        _ = try await running.ending
        for shard in ["1/2", "1/1", "2/3"] {
          let other = arguments + ["--shard", shard]
          let ending = try await program.run(other + ["--retry-failed"])
          #expect(ending.status == 65)
          #expect(ending.error.contains("it is shard 2/2, not shard \(shard)"), "\(ending.error)")
          #expect(try await program.run(["plan"] + other + ["--retry-failed"]).status == 65)
          let plan = try await program.run(["plan"] + other + ["--resume"])
          #expect(plan.status == 0)
          #expect(plan.output.contains("is not continued because it is shard 2/2, not shard \(shard)"))
        }
        let asked = log.entries.count
        let ending = try await program.run(arguments + ["--rate", "0", "--resume", "--shard", "2/2"])
        #expect([0, 2].contains(ending.status), "\(ending.error)")
        #expect(ending.error.contains("continuing run 1"))
        #expect(log.entries.count > asked)
        let inventory = Inventory(in: program.folder)
        try inventory.expectBalance(lines: try inventory.csv().compactMap { Int($0["line"] ?? "") })
        #expect(try inventory.query("SELECT state, shard FROM runs") == ["finished|2/2"])
      }
    }

    @Test("can be named by a variable and in the configuration; what is none is wrong usage")
    func naming() async throws {
      var program = program
      try program.folder.writeList(ids)
      try program.folder.write("m.yaml", "shard: 3/4\n")
      let file = try await program.run(["plan", "list.csv", "--sandbox", "--config", "m.yaml"])
      #expect(file.output.contains("3/4, of 120 rows"), "\(file.error)")
      for text in ["0/4", "5/4", "1", "1/10001", "auto/0", "auto/x", "auto/2/3", ""] {
        #expect(try await program.run(["plan", "list.csv", "--sandbox", "--shard", text]).status == 64, "\(text)")
      }
      program.environment["JELOU_INVENTORY_SHARD"] = "auto"
      program.environment["JELOU_INVENTORY_SHARDS"] = "4"
      program.environment["JOB_COMPLETION_INDEX"] = "1"
      let variable = try await program.run(["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1"])
      #expect([0, 2].contains(variable.status), "\(variable.error)")
      #expect(!variable.error.contains("a variable that sets nothing"))
      #expect(try Inventory(in: program.folder).query("SELECT shard FROM runs") == ["2/4"])
    }

    private static func slurm(_ id: Int, _ first: Int, _ last: Int, _ count: Int, step: Int = 1) -> [String: String] {
      [
        "SLURM_ARRAY_TASK_ID": "\(id)", "SLURM_ARRAY_TASK_MIN": "\(first)", "SLURM_ARRAY_TASK_MAX": "\(last)",
        "SLURM_ARRAY_TASK_COUNT": "\(count)", "SLURM_ARRAY_TASK_STEP": "\(step)",
      ]
    }

    @Test(
      "is read from the environment of a job array",
      arguments: [
        (slurm(0, 0, 7, 8), nil, "1/8"), (slurm(7, 0, 7, 8), nil, "8/8"), (slurm(1, 1, 8, 8), nil, "1/8"),
        (slurm(3, 0, 7, 8), 8, "4/8"), (slurm(0, 0, 0, 1), 1, "1/1"),
        (["JOB_COMPLETION_INDEX": "0"], 5, "1/5"), (["JOB_COMPLETION_INDEX": "4"], 5, "5/5"),
        (["JOB_COMPLETION_INDEX": "4", "JELOU_INVENTORY_SHARDS": "6"], nil, "5/6"),
        (["JOB_COMPLETION_INDEX": "4", "JELOU_INVENTORY_SHARDS": "6"], 7, "5/7"),
        (["AWS_BATCH_JOB_ARRAY_INDEX": "2", "AWS_BATCH_JOB_ARRAY_SIZE": "10"], nil, "3/10"),
        (["CLOUD_RUN_TASK_INDEX": "9", "CLOUD_RUN_TASK_COUNT": "10"], nil, "10/10"),
        (["CLOUD_RUN_TASK_INDEX": "0", "CLOUD_RUN_TASK_COUNT": "1"], nil, "1/1"),
        (["PARALLEL_SEQ": "1"], 3, "1/3"), (["PARALLEL_SEQ": "3", "SLURM_ARRAY_TASK_ID": ""], 3, "3/3"),
        // Several that agree.
        (slurm(2, 0, 3, 4).merging(["PARALLEL_SEQ": "3"]) { $1 }, nil, "3/4"),
      ] as [([String: String], Int?, String)])
    func array(environment: [String: String], count: Int?, shard: String) throws {
      #expect(try JobArray(environment: environment).shard(of: count).description == shard)
    }

    @Test(
      "is not guessed where the environment is none, is incomplete or contradicts itself: 64, with what to do",
      arguments: [
        ([:], nil, "no job array"), ([:], 4, "no job array"),
        // One task of an array that is submitted once more by itself must never be taken for the whole list.
        (slurm(3, 3, 3, 1), nil, "has only task 3,"), (slurm(0, 0, 0, 1), nil, "has only task 0,"),
        (slurm(1, 1, 1, 1), nil, "has only task 1,"), (slurm(0, 0, 0, 1), 8, "has only task 0,"),
        (slurm(3, 0, 7, 3), nil, "3 tasks, numbered 0 to 7"),
        (slurm(2, 0, 6, 4, step: 2), nil, "4 tasks, numbered 0 to 6"),
        (slurm(3, 2, 9, 8), nil, "numbered 2 to 9"), (slurm(9, 0, 7, 8), nil, "the Slurm array has 8 tasks"),
        (slurm(3, 0, 7, 8), 9, "Slurm has 8 tasks, but 9 shards were requested"),
        (["SLURM_ARRAY_TASK_ID": "3"], nil, "SLURM_ARRAY_TASK_MIN is not set"),
        (
          ["SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_MAX": "7"], 8, "_COUNT is not set"
        ),
        (["JOB_COMPLETION_INDEX": "4"], nil, "JELOU_INVENTORY_SHARDS=N"),
        (["JOB_COMPLETION_INDEX": "4"], 4, "is not one of 4 shards"),
        (["JOB_COMPLETION_INDEX": "x"], 4, "is not a number"),
        (["JOB_COMPLETION_INDEX": "-1"], 4, "is not a number"),
        (["JOB_COMPLETION_INDEX": "99999999999999999999"], 4, "is not a number"),
        (["JOB_COMPLETION_INDEX": "1", "JELOU_INVENTORY_SHARDS": "0"], nil, "JELOU_INVENTORY_SHARDS must be a number"),
        (["PARALLEL_SEQ": "0"], 4, "is not one of 4 shards"), (["PARALLEL_SEQ": "1"], nil, "--shard auto/N"),
        (["AWS_BATCH_JOB_ARRAY_INDEX": "2"], 10, "AWS_BATCH_JOB_ARRAY_SIZE is not set"),
        (["CLOUD_RUN_TASK_INDEX": "2"], nil, "CLOUD_RUN_TASK_COUNT is not set"),
        (["CLOUD_RUN_TASK_INDEX": "10", "CLOUD_RUN_TASK_COUNT": "10"], nil, "is not one of 10 shards"),
        (slurm(2, 0, 3, 4).merging(["PARALLEL_SEQ": "1"]) { $1 }, nil, "give this task different numbers"),
        (
          ["CLOUD_RUN_TASK_INDEX": "1", "CLOUD_RUN_TASK_COUNT": "4"].merging(slurm(1, 0, 4, 5)) { $1 }, nil,
          "give this task different numbers"
        ),
      ] as [([String: String], Int?, String)])
    func unknown(environment: [String: String], count: Int?, reason: String) throws {
      let error = #expect(throws: JobFailure.self) { try JobArray(environment: environment).shard(of: count) }
      #expect(error?.status == .usage)
      #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
      #expect(error?.description.contains("--shard I/N") == true)
    }
  }
}
