import Foundation
import SandboxGateway
import Testing
import Yams

extension TheDatabase {
  /// The sample for Slurm is run by a real one, see Tests/slurm.sh.
  @Suite("The sample for Kubernetes")
  struct ClusterSampleTests {
    /// The only container of the job, and how many indexes there are.
    private func container() throws -> (container: [String: Any], count: Int) {
      let url = Program.root.appending(components: "samples", "cluster", "kubernetes.yaml")
      let documents = try Yams.load_all(yaml: String(contentsOf: url, encoding: .utf8)).compactMap {
        $0 as? [String: Any]
      }
      #expect(documents.compactMap { $0["kind"] as? String } == ["PersistentVolumeClaim", "Job"])
      let spec = try #require(documents.last?["spec"] as? [String: Any])
      #expect(spec["completionMode"] as? String == "Indexed")
      let count = try #require(spec["completions"] as? Int)
      let pod = try #require((spec["template"] as? [String: Any])?["spec"] as? [String: Any])
      #expect(pod["restartPolicy"] as? String == "Never")
      let container = try #require((pod["containers"] as? [[String: Any]])?.first)
      #expect(try #require(pod["terminationGracePeriodSeconds"] as? Int) >= 60)
      return (container, count)
    }

    /// The options behind the list, with the places of a pod in the program's folder.
    private func options(index: Int, of container: [String: Any], in folder: String) throws -> [String] {
      let command = try #require(container["command"] as? [String]) + #require(container["args"] as? [String])
      #expect(command.prefix(3) == ["jelou-inventory", "run", "/list/projects.csv"])
      return command.dropFirst(3).map { argument in
        argument.replacing("$(JOB_COMPLETION_INDEX)", with: "\(index)")
          .replacing("=/key/key", with: "=\(folder)/key").replacing("=/results/", with: "=\(folder)/")
      }
    }

    @Test("is two objects, and its command line is one that the program takes, whatever the index")
    func commandLine() async throws {
      let (container, count) = try container()
      let mounts = try #require(container["volumeMounts"] as? [[String: Any]]).compactMap { $0["mountPath"] as? String }
      for place in ["/list/", "/key/", "/results/"] { #expect(mounts.contains(String(place.dropLast()))) }

      var program = try Program()
      try program.folder.writeList(["alpha"])
      try program.folder.write("key", "any-key")
      for index in [0, count - 1] {
        program.environment = ["JOB_COMPLETION_INDEX": "\(index)"]
        let own = try options(index: index, of: container, in: program.folder.path)
        let ending = try await program.run(["plan", "list.csv"] + own)
        #expect(ending.status == 0, "\(ending.error)")
        #expect(ending.output.contains("\(index + 1)/\(count), of 1 row in total"))
        #expect(ending.output.contains("shard-\(index) (will be created)"))
      }
    }

    @Test(
      "runs the program as process 1, which gets the pod's SIGTERM and writes its reports",
      .enabled(if: Program.canBeProcess1, "needs root"))
    func termination() async throws {
      let (container, count) = try container()
      var program = try Program()
      try program.folder.writeList((1...800).map { "project-\($0)" })
      try program.folder.write("key", "any-key")
      program.environment = ["JOB_COMPLETION_INDEX": "0"]
      let options = try options(index: 0, of: container, in: program.folder.path)
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { [program] baseURL in
        let running = try program.asProcess1().start(["run", "list.csv"] + options + ["--base-url", baseURL])
        try await wait { log.entries.count >= 5 }
        kill(try await running.child(), SIGTERM)
        let ending = try await running.ending
        #expect(ending.status == 143 && ending.signal == nil, "\(ending.error)")
        #expect(try Inventory(in: program.folder, "shard-0").manifest()["state"] as? String == "interrupted")
        #expect(count > 1 && log.entries.count < 100)
      }
    }
  }
}
