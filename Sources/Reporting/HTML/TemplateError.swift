/// What is wrong with a template or a language's file, and where.
package struct TemplateError: Error, CustomStringConvertible {
  /// Path, or for a built-in one its name.
  package let file: String
  /// Counted from 1; nil when it is about the whole file.
  package let line: Int?
  package let reason: String

  package var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(reason)" }
}
