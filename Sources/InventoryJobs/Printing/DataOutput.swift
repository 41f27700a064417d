/// Standard output for many rows, collected into large writes.
package struct DataOutput {
  private static let chunk = 64 * 1024

  private let output: any JobOutput
  private var bytes: [UInt8] = []

  package init(_ output: any JobOutput) { self.output = output }

  /// Columns of the terminal; nil where it is no terminal.
  var terminalWidth: Int? { output.terminalWidth }

  /// - Throws: what ``JobOutput/write(_:)`` throws.
  package mutating func write(_ text: some Sequence<UInt8>) throws {
    bytes.append(contentsOf: text)
    if bytes.count >= Self.chunk { try flush() }
  }

  /// - Throws: as ``write(_:)``.
  package mutating func flush() throws {
    guard !bytes.isEmpty else { return }
    try output.write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
