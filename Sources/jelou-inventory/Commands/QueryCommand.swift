import ArgumentParser
import InventoryJobs
import InventoryModel
import TextFormats

/// `query`: run a read-only SQL query on the database.
struct QueryCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Query the database with SQL or a built-in question, read-only.",
    usage: """
      jelou-inventory query <sql|name> [-p <name value>] ... [<options>]
      jelou-inventory query --file <file> [-p <name value>] ... [<options>]
      jelou-inventory query --list | --print <name> | --schema
      """,
    discussion: """
      Examples:
        jelou-inventory query --list
        jelou-inventory query shared-webhooks
        jelou-inventory query stale-by-team -p days 90 --format csv > stale.csv
        jelou-inventory query project-history -p project 007
        jelou-inventory query "SELECT outcome, count(*) FROM latest GROUP BY 1"
        jelou-inventory query --print shared-webhooks > mine.sql
        jelou-inventory query --file mine.sql --format jsonl

      A question is the name of a built-in question or a single SQL statement. SQLite refuses statements that write. \
      Queries do not disturb a run that is using the database.

      -p sets a parameter of the statement (:name, @name or $name). A number in the usual notation (5, -12, 0.25) \
      becomes a number, anything else (007, +5, 1e3) a text. Comments above a statement can declare parameters with \
      defaults; see --print.

      In CSV and JSON Lines, repeated column names get _2, _3. NULL becomes an empty cell or null. Blobs are written \
      as SQL literals, x'53514C'. In tables, cells are cut after 60 characters, except in the last column.

      Exit codes:
        0    The query was answered, with or without rows.
        2    The time limit was reached; the rows are incomplete.
        64   The command line, the SQL or a parameter is wrong.
        65   The SQL is not UTF-8.
        66   The database or the SQL file is missing or can't be read.
        73   The database can't be used.
        130  Interrupted by SIGINT (143: SIGTERM).

      Guide: Queries.md
      """)

  static let readsDatabase = true

  @Argument(
    help: ArgumentHelp("SQL, the name of a built-in question, or - for standard input.", valueName: "sql|name"),
    completion: QuestionOptions.names)
  var question: String?

  @OptionGroup(title: "Question") var options: QuestionOptions
  @OptionGroup(title: "Data") var history: HistoryOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  func validate() throws {
    let sources = [question != nil, options.file != nil, options.list, options.print != nil, options.schema]
    guard sources.count(where: { $0 }) == 1 else {
      throw ValidationError("Give one of: SQL, the name of a built-in question, --file, --list, --print, --schema.")
    }
  }

  func run(in session: TerminalSession, with settings: Settings) throws -> ExitStatus {
    let printing = QuestionPrinting(format: history.format, output: session.standardOutput)
    if options.list {
      try printing.printList()
    } else if options.schema {
      try printing.printSchema()
    } else if let printed = options.print {
      try printing.printText(of: QuestionSource.named(printed))
    } else {
      let source: QuestionSource = options.file.map { .file($0) } ?? .argument(question ?? "")
      let job = QueryJob(
        question: try source.question(), databasePath: history.databasePath,
        parameters: options.values, timeLimit: options.limit, format: history.format, host: session)
      if try job.run() == 0 { session.info("the answer has no rows") }
    }
    return .complete
  }
  /// What to ask.
  struct QuestionOptions: ParsableArguments {
    static let names = CompletionKind.names(QuestionSource.names)

    @Option(
      help: ArgumentHelp("Read the SQL from a file; - reads standard input.", valueName: "file"),
      completion: .file(extensions: ["sql"]))
    var file: String?

    @Option(
      name: .customShort("p"), parsing: .unconditionalSingleValue,
      help: ArgumentHelp("Set a parameter of the statement. Repeatable.", valueName: "name value"))
    var parameters: [ParameterArgument] = []

    @Option(
      name: .customLong("time-limit"),
      help: ArgumentHelp("Time limit of the query; 0 means none. (default: 60)", valueName: "seconds"))
    var timeLimit: Double?

    @Flag(help: "List the built-in questions.") var list = false

    @Option(help: ArgumentHelp("Print the SQL of a built-in question.", valueName: "name"), completion: names)
    var print: String?

    @Flag(help: "Describe the tables, views and columns of the database.") var schema = false

    var values: [ExactText: String] {
      Dictionary(uniqueKeysWithValues: parameters.map { (ExactText($0.name), $0.value) })
    }

    /// nil for no limit.
    var limit: Duration? { timeLimit == 0 ? nil : .seconds(timeLimit ?? 60) }

    func validate() throws {
      if let timeLimit, !(0...1e9).contains(timeLimit) {
        throw ValidationError("--time-limit is \(timeLimit); use a number of seconds, or 0 for no limit.")
      }
      let names = parameters.map { ExactText($0.name) }
      guard Set(names).count == names.count else {
        throw ValidationError("-p sets a parameter twice; remove one of them.")
      }
    }
  }
}
