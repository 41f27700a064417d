import Testing

/// The suites that drive the built program and measure time, one test at a time: a machine has few cores.
@Suite("The program", .serialized)
enum TheProgram {}

// Of those that measure no time, two tests run side by side, and other work may run beside them.

/// The suites in which the program waits nearly all the time: for its rate, for a gateway, for a database that somebody
/// holds. They hardly use a processor, so several run at a time, and nothing else beside them.
@Suite("The program that waits")
enum TheWaits {}

/// What the program's reports hold, one test at a time.
@Suite("The program's reports", .serialized)
enum TheReports {}

/// What the program keeps and how it is told what to do, one test at a time.
@Suite("The program's database and options", .serialized)
enum TheDatabase {}
