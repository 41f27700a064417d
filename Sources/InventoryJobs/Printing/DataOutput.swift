/// Writes many rows to standard output, buffered into large writes.
package struct DataOutput {
  private static let chunk = 64 * 1024

  private let output: any JobOutput
  private var bytes: [UInt8] = []

  package init(_ output: any JobOutput) { self.output = output }

  /// Width of the terminal in columns; nil if standard output is not a terminal.
  var terminalWidth: Int? { output.terminalWidth }

  /// - Throws: what ``JobOutput/write(_:)`` throws.
  package mutating func write(_ text: some Sequence<UInt8>) throws {
    bytes.append(contentsOf: text)
    if bytes.count >= Self.chunk { try flush() }
  }

  /// - Throws: the same errors as ``write(_:)``.
  package mutating func flush() throws {
    guard !bytes.isEmpty else { return }
    try output.write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
