import ArgumentParser
import InventoryJobs
import InventoryModel

/// Which shard of the list is processed.
struct ShardOptions: ConfigurableOptions {
  @Option(
    help: ArgumentHelp(
      """
      Take only the rows whose ID hashes to shard I of N, and a share of the rate; auto reads I and N from a job \
      array's environment, auto/N where it does not tell N.
      """, valueName: "i/n"))
  var shard = Choice.shard(.whole)

  enum Choice: ExpressibleByArgument, Hashable {
    case shard(Shard)
    /// By the environment of a job array, with the number of shards where it is given.
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

  /// - Throws: ``JobFailure``: the environment does not tell.
  func shard(environment: [String: String]) throws(JobFailure) -> Shard {
    switch shard {
    case .shard(let shard): shard
    case .auto(let count): try JobArray(environment: environment).shard(of: count)
    }
  }
}
