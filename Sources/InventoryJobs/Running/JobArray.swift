package import InventoryModel
import TextFormats

/// Determines this process's shard from the environment variables that number the tasks of a job array.
package struct JobArray {
  /// Sets the number of shards if the environment of a job array does not.
  package static let countVariable = "JELOU_INVENTORY_SHARDS"

  private let variables: [String: String]

  /// Empty variables are ignored.
  package init(environment: [String: String]) { variables = environment.filter { !$0.value.isEmpty } }

  /// A task and its number, as provided by its engine.
  private struct Task {
    let engine: String
    /// Counted from 1.
    let number: Int
    /// nil if the engine does not provide it.
    var count: Int?
  }

  /// Returns this process's shard.
  ///
  /// - Parameter given: the number of shards; nil to use `JELOU_INVENTORY_SHARDS` or the engine's number of tasks.
  /// - Throws: ``JobFailure`` if there is no job array environment, or if it is incomplete or contradictory.
  package func shard(of given: Int?) throws(JobFailure) -> Shard {
    var given = given
    if given == nil { given = try countOfVariable() }
    let found = [try slurm(of: given), try kubernetes(), try batch(), try cloudRun(), try parallel()]
    let tasks = found.compactMap { $0 }
    guard let task = tasks.first else {
      throw failure(
        "no job array was found (Slurm, Kubernetes, AWS Batch, Google Cloud Run or GNU parallel)")
    }
    for other in tasks {
      guard other.number == task.number, other.count ?? task.count ?? 0 == task.count ?? other.count ?? 0 else {
        throw failure("\(task.engine) and \(other.engine) give this task different numbers")
      }
      guard let count = other.count, let given, count != given else { continue }
      throw failure(
        "\(other.engine) has \(count.counted("task", "tasks")), but "
          + "\(given.counted("shard was", "shards were")) requested"
      )
    }
    guard let count = given ?? tasks.compactMap(\.count).first else {
      throw failure(
        "\(task.engine) does not provide the number of tasks; set it with --shard auto/N or \(Self.countVariable)=N"
      )
    }
    guard let shard = Shard(number: task.number, of: count) else {
      throw failure(
        "the task number of \(task.engine), \(task.number) (counted from 1), is not one of "
          + count.counted("shard", "shards"))
    }
    return shard
  }

  /// https://slurm.schedmd.com/job_array.html
  private func slurm(of given: Int?) throws(JobFailure) -> Task? {
    guard variables["SLURM_ARRAY_TASK_ID"] != nil else { return nil }
    let id = try number("SLURM_ARRAY_TASK_ID")
    let (first, last) = (try number("SLURM_ARRAY_TASK_MIN"), try number("SLURM_ARRAY_TASK_MAX"))
    let count = try number("SLURM_ARRAY_TASK_COUNT")
    // A task that is resubmitted alone (`--array=3`) is an array with one task.
    guard first == 0 || first == 1, last - first + 1 == count, (first...last).contains(id),
      count > 1 || given == 1
    else {
      let tasks = count == 1 ? "only task \(first)" : "\(count) tasks, numbered \(first) to \(last)"
      throw failure("the Slurm array has \(tasks), but must be numbered 0 to N-1 or 1 to N")
    }
    return Task(engine: "Slurm", number: id - first + 1, count: count)
  }

  /// https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode
  private func kubernetes() throws(JobFailure) -> Task? {
    try task("Kubernetes", index: "JOB_COMPLETION_INDEX", from: 0, count: nil)
  }

  /// https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html
  private func batch() throws(JobFailure) -> Task? {
    try task("AWS Batch", index: "AWS_BATCH_JOB_ARRAY_INDEX", from: 0, count: "AWS_BATCH_JOB_ARRAY_SIZE")
  }

  /// https://cloud.google.com/run/docs/container-contract#jobs-env-vars
  private func cloudRun() throws(JobFailure) -> Task? {
    try task("Cloud Run", index: "CLOUD_RUN_TASK_INDEX", from: 0, count: "CLOUD_RUN_TASK_COUNT")
  }

  /// https://www.gnu.org/software/parallel/man.html
  private func parallel() throws(JobFailure) -> Task? {
    try task("GNU parallel", index: "PARALLEL_SEQ", from: 1, count: nil)
  }

  private func task(_ engine: String, index: String, from first: Int, count: String?) throws(JobFailure) -> Task? {
    guard variables[index] != nil else { return nil }
    var task = Task(engine: engine, number: try number(index) - first + 1)
    if let count { task.count = try number(count) }
    return task
  }

  private func countOfVariable() throws(JobFailure) -> Int? {
    guard variables[Self.countVariable] != nil else { return nil }
    let count = try number(Self.countVariable)
    guard (1...Shard.countLimit).contains(count) else {
      throw failure("\(Self.countVariable) must be a number from 1 to \(Shard.countLimit)")
    }
    return count
  }

  private func number(_ variable: String) throws(JobFailure) -> Int {
    guard let text = variables[variable] else { throw failure("\(variable) is not set") }
    // The limit is far above the size of any array and prevents arithmetic overflow.
    guard let number = Shard.number(text), number < 1 << 32 else { throw failure("\(variable) is not a number") }
    return number
  }

  private func failure(_ reason: String) -> JobFailure {
    JobFailure(.usage, "--shard auto: \(reason). To set the shard yourself, use --shard I/N, with I from 1 to N")
  }
}
