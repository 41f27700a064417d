import ArgumentParser
import InventoryJobs
import InventoryModel

/// The shard of the list to process.
struct ShardOptions: ConfigurableOptions {
  @Option(
    help: ArgumentHelp(
      """
      Process only shard I of N, at one Nth of the rate. auto reads I and N from the environment of a job array; \
      auto/N reads only I.
      """, valueName: "i/n"))
  var shard = Choice.shard(.whole)

  enum Choice: ExplainedValue, Hashable {
    static let syntax = "I/N with I from 1 to N and N up to \(Shard.countLimit), for example 2/8; or auto, or auto/N"
    static let defaultCompletionKind = CompletionKind.list(["auto"])

    case shard(Shard)
    /// The shard that a job array's environment specifies. `count` is the number of shards; nil to read it from the
    /// environment.
    case auto(count: Int?)

    init?(argument: String) {
      let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
      if parts.first == "auto" {
        guard parts.count > 1 else {
          self = .auto(count: nil)
          return
        }
        guard parts.count == 2, let count = Shard.number(String(parts[1])), (1...Shard.countLimit).contains(count)
        else {
          return nil
        }
        self = .auto(count: count)
      } else {
        guard let shard = Shard(argument) else { return nil }
        self = .shard(shard)
      }
    }

    var defaultValueDescription: String {
      switch self {
      case .shard(let shard): shard.description
      case .auto(let count): count.map { "auto/\($0)" } ?? "auto"
      }
    }
  }

  /// - Throws: ``JobFailure`` when the environment doesn't specify the shard.
  func shard(environment: [String: String]) throws(JobFailure) -> Shard {
    switch shard {
    case .shard(let shard): shard
    case .auto(let count): try JobArray(environment: environment).shard(of: count)
    }
  }
}
