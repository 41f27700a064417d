import Testing

/// The suites over real sockets, one test at a time: they measure time, and a machine has few cores.
@Suite("Over the wire", .serialized)
enum OverTheWire {}
