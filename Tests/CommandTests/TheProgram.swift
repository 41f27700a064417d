import Testing

/// The suites that drive the built program, one test at a time: they measure time, and a machine has few cores.
@Suite("The program", .serialized)
enum TheProgram {}
