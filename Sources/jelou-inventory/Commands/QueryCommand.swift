import ArgumentParser
import InventoryJobs
import InventoryModel
import TextFormats

/// `query`: run a read-only SQL query on the database.
struct QueryCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Ask the database a question, in SQL or one of the built-in ones by its name.",
    discussion: """
      The question is one SQL statement, or a single word: the name of a built-in question (--list). - reads it from \
      standard input. It only reads: SQLite itself refuses whatever else. A run that is at work on the database goes \
      on \
      undisturbed. --schema tells what there is to ask for.

      Columns are those of the statement. In CSV and JSON Lines, double names get _2, _3; NULL is empty, or null; \
      bytes \
      are written as SQL does, x'53514C'. A table's cells are cut at 60 characters, but for the last of a line.

      -p gives a parameter of the statement (:name, @name or $name) its value. A number that is written in the usual \
      way \
      becomes one (5, -12, 0.25); all else is text: 007, +5, 1e3. Columns of tables compare right with either; a text \
      that an expression takes from JSON compares with a text, CAST(:name AS TEXT). Comments above a statement may \
      name \
      parameters with their defaults, as --print shows for the built-in ones.

      Exit codes: 0 answered, with or without rows; 2 the time limit is over, and the rows are not all; 64 wrong \
      usage, a \
      mistake in the SQL, a statement that does more than read, or a parameter without a value or use; 65 the SQL is \
      not \
      UTF-8; 66 there is no database, no right to read it, or no such file; 73 the database can't be used; 130, 143 \
      ended by SIGINT, SIGTERM.

      Examples:
        jelou-inventory query "SELECT outcome, count(*) FROM latest GROUP BY outcome"
        jelou-inventory query --list
        jelou-inventory query stale-by-team -p days 90 --format csv > stale.csv
        jelou-inventory query --print shared-webhooks > mine.sql
        jelou-inventory query --file mine.sql --format jsonl
        jelou-inventory query project-history -p project 007
      """)

  static let readsDatabase = true

  @Argument(help: ArgumentHelp("SQL, a built-in question's name, or - for standard input.", valueName: "sql|name"))
  var question: String?

  @Option(help: ArgumentHelp("Read the SQL from a file; - for standard input.", valueName: "file"), completion: .file())
  var file: String?

  @Option(
    name: .customShort("p"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A parameter's name and its value; repeatable.", valueName: "name> <value"))
  var parameters: [ParameterArgument] = []

  @Option(
    name: .customLong("time-limit"),
    help: ArgumentHelp("For SQLite's work on the question; 0 for none.", valueName: "seconds"))
  var timeLimit = 60.0

  @Flag(help: "Print the built-in questions.") var list = false

  @Option(name: .customLong("print"), help: ArgumentHelp("Print a built-in question's SQL.", valueName: "name"))
  var printed: String?

  @Flag(help: "Print what the database's tables and views hold, column by column.") var schema = false

  @OptionGroup(title: "Data") var history: HistoryOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  func validate() throws {
    let wishes = [question != nil, file != nil, list, printed != nil, schema].count { $0 }
    guard wishes == 1 else {
      throw ValidationError("Give one of: SQL, a built-in question's name, --file, --list, --print, --schema.")
    }
    guard timeLimit >= 0, timeLimit <= 1e9 else { throw ValidationError("--time-limit is a number of seconds, or 0.") }
    let names = parameters.map { ExactText($0.name) }
    guard Set(names).count == names.count else { throw ValidationError("A parameter is given twice by -p.") }
  }

  func run(in session: TerminalSession, with settings: Settings) throws -> ExitStatus {
    let printing = QuestionPrinting(format: history.format, output: session.standardOutput)
    if list {
      try printing.printList()
    } else if schema {
      try printing.printSchema()
    } else if let printed {
      try printing.printText(of: QuestionSource.named(printed))
    } else {
      let source: QuestionSource = file.map { .file($0) } ?? .argument(question ?? "")
      let job = QueryJob(
        question: try source.question(), databasePath: history.databasePath,
        parameters: Dictionary(uniqueKeysWithValues: parameters.map { (ExactText($0.name), $0.value) }),
        timeLimit: timeLimit == 0 ? nil : .seconds(timeLimit), format: history.format, host: session)
      if try job.run() == 0 { session.info("the answer has no rows") }
    }
    return .complete
  }
}
