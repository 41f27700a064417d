import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheProgram {
  @Suite("Under pressure, a run", .serialized, .timeLimit(.minutes(5)))
  struct PressureTests {
    private static let answer = #"return 200 '{"webhookUrl":"https://hooks.acme.example/jelou"}';"#

    private let program: Program

    init() throws {
      program = try Program()
    }

    private func writeList(_ count: Int) throws { try program.folder.writeList((1...count).map { "project-\($0)" }) }

    private func found(_ count: Int) -> [String: [SandboxReply]] {
      Dictionary(uniqueKeysWithValues: (1...count).map { ("project-\($0)", [SandboxReply.flat]) })
    }

    @Test("keeps its rate while one answer in twenty is 503 with Retry-After, and never asks earlier than it was told")
    func deferral() async throws {
      try writeList(1000)
      var script = found(1000)
      // Not among the last, or the run would end with a wait.
      for number in stride(from: 10, through: 500, by: 10) {
        script["project-\(number)"] = [
          .custom(status: 503, headers: ["retry-after": "5"], body: #"{"message":"Busy"}"#), .flat,
        ]
      }
      let log = SandboxLog()
      let ending = try await SandboxServer(behavior: SandboxBehavior(script: script), log: log).serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--rate", "100"])
      }
      #expect(ending.status == 0)
      let times = log.entries.map(\.time)
      #expect(times.count == 1050)
      let wall = try #require(times.max()) - #require(times.min())
      #expect(1049 / (wall / .seconds(1)) >= 95)
      for entries in Dictionary(grouping: log.entries, by: \.projectID).values where entries.count > 1 {
        #expect(entries[1].time - entries[0].time >= .seconds(5))
      }
      #expect(!ending.error.contains("kept the rate"))
    }

    @Test("asks when Retry-After says, in each of its forms; junk is as if it were not there")
    func retryAfter() async throws {
      let date = Date(timeIntervalSinceNow: 3).formatted(
        Date.VerbatimFormatStyle(
          format:
            "\(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) GMT",
          locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian)))
      let values = [
        "seconds": "2", "date": date, "past": "Sun, 06 Nov 1994 08:49:37 GMT", "negative": "-1", "junk": "soon",
        "huge": "1000000000", "long": "601",
      ]
      try program.folder.writeList(values.keys.sorted())
      let script = values.mapValues { value in
        [SandboxReply.custom(status: 503, headers: ["retry-after": value], body: #"{"message":"Wait."}"#), .flat]
      }
      let log = SandboxLog()
      let ending = try await SandboxServer(behavior: SandboxBehavior(script: script), log: log).serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--rate", "100"])
      }
      #expect(ending.status == 2)
      let records = Dictionary(
        uniqueKeysWithValues: try Inventory(in: program.folder).csv().map { ($0["project_id"] ?? "", $0) })
      for name in ["seconds", "date", "past", "negative", "junk"] { #expect(records[name]?["outcome"] == "found") }
      for (name, seconds) in [("huge", "1000000000 s"), ("long", "601 s")] {
        #expect(records[name]?["outcome"] == "failed")
        #expect(records[name]?["error_code"] == "retry-after-too-long")
        #expect(records[name]?["error_message"]?.contains(seconds) == true)
        #expect(records[name]?["attempts"] == "1")
      }
      func pause(_ name: String) throws -> Duration {
        let times = log.entries.filter { $0.projectID == name }.map(\.time)
        #expect(times.count == 2)
        return try #require(times.last) - #require(times.first)
      }
      #expect(try pause("seconds") >= .seconds(2))
      // A date has whole seconds.
      #expect(try pause("date") >= .milliseconds(1900))
    }

    @Test("has as many requests under way as it is told, however few files a process may have open at first")
    func openFiles() async throws {
      try writeList(300)
      let answer: [ScriptedServer.Step] = [
        .request, .wait(.seconds(1)),
        .send("HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n{\"webhookUrl\":\"https://hooks.example/jelou\"}"), .again,
      ]
      var program = program
      program.wrapper = ["/bin/sh", "-c", "ulimit -Sn 64; exec \"$0\" \"$@\""]
      try await ScriptedServer.serving(each: answer) { server in
        let ending = try await program.run(
          ["list.csv", "--base-url", server.baseURL, "--rate", "0", "--concurrency", "300"])
        #expect(ending.status == 0, "\(ending.error)")
        #expect(server.record.peak >= 290)
      }
      program.wrapper[2] = "ulimit -n 64; exec \"$0\" \"$@\""
      try writeList(3)
      let ending = try await program.run(["list.csv", "--sandbox", "--rate", "0", "--concurrency", "300", "-o", "few"])
      #expect(ending.status == 0)
      #expect(ending.error.contains("in flight instead of --concurrency 300, because the limit of open files is low"))
    }

    @Test("does not multiply the traffic when everything is answered with 500")
    func storm() async throws {
      try writeList(1500)
      try await NginxServer.serving(server: "location / { return 500; }") { server in
        let ending = try await program.run(["list.csv", "--base-url", server.baseURL, "--rate", "200"])
        #expect(ending.status == 2)
        let accesses = try server.accesses()
        #expect(accesses.count >= 1500)
        // A few more before it is plain that all of them fail.
        #expect(accesses.count <= 1800 + 30)
        let records = try Inventory(in: program.folder).csv()
        #expect(records.allSatisfy { $0["outcome"] == "failed" && $0["error_code"] == "http-500" })
        #expect(records.reduce(0) { $0 + (Int($1["attempts"] ?? "") ?? 0) } == accesses.count)
      }
    }

    @Test("gets every row answered by a gateway that takes half the rate, with under 3 % of the requests refused")
    func limitedGateway() async throws {
      try writeList(2000)
      try await NginxServer.serving(
        http: "limit_req_zone $binary_remote_addr zone=gateway:1m rate=100r/s; limit_req_status 429;",
        server:
          "location / { limit_req zone=gateway burst=5 nodelay; try_files /none @answer; } location @answer { \(Self.answer) }"
      ) { server in
        let ending = try await program.run(
          ["list.csv", "--base-url", server.baseURL, "--rate", "200"], limit: .seconds(120))
        #expect(ending.status == 0, "\(ending.error)")
        let accesses = try server.accesses()
        let refused = accesses.count { $0.status == 429 }
        #expect(refused > 0)
        #expect(Double(refused) < 0.03 * Double(accesses.count), "\(refused) of \(accesses.count)")
        #expect(ending.error.contains("; the gateway kept the rate below 200/s for "))
      }
    }

    @Test(
      "waits for the window when headers say that it is used up, before anything is refused, and keeps its rate",
      arguments: [
        ["ratelimit-remaining": "0", "ratelimit-reset": "2"], ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "2"],
        ["ratelimit": #""default";r=0;t=2"#], ["ratelimit": "limit=10, remaining=0, reset=2"],
      ])
    func usedUp(headers: [String: String]) async throws {
      try writeList(60)
      var script = found(60)
      script["project-20"] = [
        .custom(status: 200, headers: headers, body: #"{"webhookUrl":"https://hooks.acme.example/"}"#)
      ]
      let log = SandboxLog()
      let ending = try await SandboxServer(behavior: SandboxBehavior(script: script), log: log).serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--rate", "50", "--concurrency", "4"])
      }
      #expect(ending.status == 0)
      let times = log.entries.map(\.time)
      let told = try #require(log.entries.first { $0.projectID == "project-20" }).time
      // What was on its way may still come; then nothing for two seconds, and the rate again.
      #expect(times.count { $0 > told + .milliseconds(50) && $0 < told + .milliseconds(1950) } == 0)
      let after = times.filter { $0 > told + .milliseconds(1950) }.sorted()
      #expect(after.count >= 35)
      for (earlier, later) in zip(after, after.dropFirst(10)) { #expect(later - earlier > .milliseconds(150)) }
      #expect(try #require(after.last) - told < .seconds(6))
      #expect(ending.error.contains("; the gateway kept the rate below "))
    }

    @Test(
      "takes no notice of headers that make no sense, or that leave something",
      arguments: [
        ["ratelimit-remaining": "none", "ratelimit-reset": "60"], ["x-ratelimit-remaining": "-1"],
        ["ratelimit": "zero"], ["ratelimit": #""default";r=;t=60"#],
        ["ratelimit-remaining": "7", "ratelimit-reset": "60"],
        ["ratelimit-remaining": "7", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "60"],
      ])
    func odd(headers: [String: String]) async throws {
      try writeList(30)
      let reply = SandboxReply.custom(
        status: 200, headers: headers, body: #"{"webhookUrl":"https://hooks.acme.example/"}"#)
      let script = Dictionary(uniqueKeysWithValues: (1...30).map { ("project-\($0)", [reply]) })
      let begin = ContinuousClock.now
      let ending = try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--rate", "50"])
      }
      #expect(ending.status == 0)
      #expect(ContinuousClock.now - begin < .seconds(8))
      #expect(!ending.error.contains("kept the rate"))
    }

    @Test("gives each credential the rate with --rate-scope credential, and all together with all")
    func scopes() async throws {
      try program.folder.write(
        "list.csv",
        "project_id,credential\n"
          + (1...120).map { "project-\($0),\($0 <= 60 ? "first" : "second")\n" }.joined())
      try program.folder.write("keys.csv", "name,api_key\nfirst,key-of-first\nsecond,key-of-second\n")
      for (scope, seconds) in [("credential", 1.5), ("all", 3.0)] {
        let log = SandboxLog()
        let ending = try await SandboxServer(behavior: SandboxBehavior(script: found(120)), log: log).serving {
          baseURL in
          try await program.run([
            "list.csv", "--base-url", baseURL, "--rate", "40", "--rate-scope", scope, "--credentials", "keys.csv",
          ])
        }
        #expect(ending.status == 0)
        let wall = try #require(log.entries.map(\.time).max()) - #require(log.entries.map(\.time).min())
        #expect(abs(wall / .seconds(1) - seconds) < 0.4, "\(scope): \(wall)")
        for key in ["key-of-first", "key-of-second"] {
          let times = log.entries.filter { $0.apiKey == key }.map(\.time).sorted()
          #expect(times.count == 60)
          for (earlier, later) in zip(times, times.dropFirst(40)) { #expect(later - earlier > .milliseconds(900)) }
        }
      }
      let indexes = try Inventory(in: program.folder).query(
        "SELECT count(*) FROM sqlite_schema WHERE name = 'results_pending'")
      #expect(indexes == ["0"])
    }

    @Test("ends in time with --max-duration, leaves the rest open, and a resumed run asks for it")
    func maxDuration() async throws {
      try writeList(100)
      var script = found(100)
      script["project-1"] = [
        .custom(status: 503, headers: ["retry-after": "60"], body: #"{"message":"In a minute."}"#), .flat,
      ]
      let log = SandboxLog()
      try await SandboxServer(behavior: SandboxBehavior(script: script), log: log).serving { baseURL in
        let begin = ContinuousClock.now
        let arguments = ["list.csv", "--base-url", baseURL, "--rate", "10"]
        let ending = try await program.run(arguments + ["--max-duration", "3"])
        let time = ContinuousClock.now - begin
        #expect(time > .milliseconds(2900) && time < .seconds(6))
        #expect(ending.status == 2)
        #expect(ending.error.contains("The run reached its time limit (--max-duration)"))
        let inventory = Inventory(in: program.folder)
        try inventory.expectBalance(lines: Array(2...101))
        let records = try inventory.csv()
        #expect(records[0]["error_code"] == "out-of-time")
        #expect(records[0]["attempts"] == "1")
        #expect(records.count { $0["error_code"] == "out-of-time" } > 60)
        #expect(try inventory.manifest()["state"] as? String == "stopped")
        let answered = records.filter { $0["outcome"] == "found" }.compactMap { $0["project_id"] }
        let asked = log.entries.count
        let resumed = try await program.run(arguments + ["--rate", "0", "--resume"])
        #expect(resumed.status == 0)
        #expect(Set(log.entries.dropFirst(asked).compactMap(\.projectID)).isDisjoint(with: answered))
        #expect(log.entries.count == 101)
        #expect(try inventory.manifest()["state"] as? String == "finished")
      }
    }

    @Test("whose time is over before any answer is incomplete, not unreachable")
    func maxDurationWithoutAnswer() async throws {
      try writeList(3)
      try await ScriptedServer.serving(.request, .stall) { server in
        let ending = try await program.run(["list.csv", "--base-url", server.baseURL, "--max-duration", "1"])
        #expect(ending.status == 2)
        #expect(try Inventory(in: program.folder).csv().allSatisfy { $0["error_code"] == "out-of-time" })
      }
    }

    @Test("uses a refused credential ten times and no more, and goes on with the others")
    func refusedCredential() async throws {
      try program.folder.write(
        "list.csv",
        "project_id,credential\n" + (1...300).map { "project-\($0),\($0 % 3 == 0 ? "old" : "new")\n" }.joined())
      try program.folder.write("keys.csv", "name,api_key\nold,key-that-was-withdrawn\nnew,key-that-works\n")
      try await NginxServer.serving(
        http: "map $http_x_api_key $refused { default 0; key-that-was-withdrawn 1; }",
        server: "location / { if ($refused) { return 401; } \(Self.answer) }"
      ) { server in
        let ending = try await program.run([
          "list.csv", "--base-url", server.baseURL, "--rate", "0", "--credentials", "keys.csv", "--concurrency", "40",
        ])
        #expect(ending.status == 2)
        #expect(try server.accesses().count { $0.apiKey == "key-that-was-withdrawn" } == 10)
        let inventory = Inventory(in: program.folder)
        try inventory.expectBalance(lines: Array(2...301))
        let records = try inventory.csv()
        #expect(records.filter { $0["credential"] == "new" }.allSatisfy { $0["outcome"] == "found" })
        let old = records.filter { $0["credential"] == "old" }
        #expect(old.count { $0["error_code"] == "http-401" } == 10)
        #expect(old.count { $0["error_code"] == "credential-refused" && $0["attempts"] == "0" } == 90)
      }
    }

    @Test("ends with 77 after ten requests for each credential when all are refused")
    func allRefused() async throws {
      try program.folder.write(
        "list.csv", "project_id,credential\n" + (1...400).map { "project-\($0),\($0 % 2 == 0 ? "a" : "")\n" }.joined())
      try program.folder.write("keys.csv", "name,api_key\na,key-number-one\n")
      try await NginxServer.serving(server: "location / { return 401; }") { server in
        let ending = try await program.run([
          "list.csv", "--base-url", server.baseURL, "--rate", "0", "--credentials", "keys.csv", "--concurrency", "40",
        ])
        #expect(ending.status == 77)
        #expect(try server.accesses().count == 20)
        let records = try Inventory(in: program.folder).csv()
        #expect(records.count { $0["outcome"] == "unauthorized" } == 20)
        #expect(records.count { $0["error_code"] == "credential-refused" } == 380)
      }
    }
  }
}
