import DelimitedText
import Files

/// Reads a list from a file, a FIFO or standard input.
package struct ListFile: ByteSource {
  private let file: InputFile

  /// - Parameter path: `-` for standard input.
  /// - Throws: ``ListError/cannotOpen(path:reason:)``
  package init(path: String) throws(ListError) {
    do {
      file = try InputFile(path: path)
    } catch {
      throw .cannotOpen(path: path, reason: error.reason)
    }
  }

  package mutating func next() throws -> [UInt8]? {
    do {
      return try file.read()
    } catch {
      throw ListError.cannotRead(path: file.path, reason: error.reason)
    }
  }
}
