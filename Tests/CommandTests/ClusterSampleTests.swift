import Foundation
import Testing
import Yams

extension TheDatabase {
  /// The sample for Slurm is run by a real one, see Tests/slurm.sh.
  @Suite("The sample for Kubernetes")
  struct ClusterSampleTests {
    @Test("is two objects, and its command line is one that the program takes, whatever the index")
    func commandLine() async throws {
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
      let arguments = try #require(container["args"] as? [String])
      #expect(arguments.prefix(3) == ["jelou-inventory", "run", "/list/projects.csv"])
      let mounts = try #require(container["volumeMounts"] as? [[String: Any]]).compactMap { $0["mountPath"] as? String }
      for place in ["/list/", "/key/", "/results/"] { #expect(mounts.contains(String(place.dropLast()))) }

      var program = try Program()
      try program.folder.writeList(["alpha"])
      try program.folder.write("key", "any-key")
      for index in [0, count - 1] {
        program.environment = ["JOB_COMPLETION_INDEX": "\(index)"]
        let folder = program.folder.path
        let own = arguments.dropFirst(3).map { argument in
          argument.replacing("$(JOB_COMPLETION_INDEX)", with: "\(index)")
            .replacing("=/key/key", with: "=\(folder)/key").replacing("=/results/", with: "=\(folder)/")
        }
        let ending = try await program.run(["plan", "list.csv"] + own)
        #expect(ending.status == 0, "\(ending.error)")
        #expect(ending.output.contains("\(index + 1)/\(count), of 1 row in all"))
        #expect(ending.output.contains("shard-\(index) (will be made)"))
      }
    }
  }
}
