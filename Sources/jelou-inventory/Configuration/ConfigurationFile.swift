import Files
import InventoryJobs
import InventoryModel
import TextFormats
import Yams

/// A file that sets options by their long names, in YAML or JSON (which is also YAML).
///
/// Errors never repeat a value, because it may be a misplaced secret.
struct ConfigurationFile {
  struct Entry: Hashable {
    /// The line number, from 1.
    var line: Int
    var values: [String]
  }

  let path: String
  /// The entries by option name.
  private(set) var entries: [String: Entry] = [:]

  /// The maximum size of a file in bytes.
  private static let limit = 1_048_576

  /// - Throws: ``JobFailure`` when the file can't be opened, is not a configuration file, or has a key that is not an
  ///   option.
  init(path: String) throws(JobFailure) {
    self.path = path
    let bytes: [UInt8]
    do {
      bytes = try InputFile.contents(of: path, limit: Self.limit)
    } catch {
      let shown = Redaction.repeatable(pathToSecret: path) { FileStatus(path: $0) != nil }
      throw JobFailure.inaccessible("\(shown): the configuration can't be read: \(error.reason)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw JobFailure(.unusableInput, "\(path): the configuration is not UTF-8; save the file as UTF-8")
    }
    try read(Self.root(of: text, path: path))
  }

  private static func root(of text: String, path: String) throws(JobFailure) -> Node? {
    do {
      return try compose(yaml: text)
    } catch {
      throw JobFailure(.unusableInput, "\(path)\(Self.reason(error))")
    }
  }

  /// The reason without content of the file, which the library's own description quotes.
  private static func reason(_ error: any Error) -> String {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      " line \(mark.line): this is not valid YAML: \(problem); write each option as NAME: VALUE"
    case .duplicatedKeysInMapping(let duplicates, _):
      ": \(duplicates.map { Redaction.repeatable($0).visible }.sorted().joined(separator: ", ")) is set twice; remove one of the lines"
    default: ": this is neither YAML nor JSON; write each option as NAME: VALUE"
    }
  }

  private mutating func read(_ root: Node?) throws(JobFailure) {
    // An empty file, or a file with only comments, sets nothing.
    guard let root, root.tag != Tag(.null) else { return }
    guard case .mapping(let mapping) = root else {
      throw JobFailure(
        .unusableInput, "\(path): this is not a mapping of options to values; write each option as NAME: VALUE")
    }
    for (key, value) in mapping {
      let line = key.mark?.line ?? 1
      let name = key.string ?? ""
      guard let option = ConfigurableOption.all.first(where: { $0.name == name }) else {
        let hint = NearestName.hint(for: name, among: ConfigurableOption.all.map(\.name))
        let advice = hint.isEmpty ? "; list all options with run --print-config" : hint
        throw failure(line, "there is no option \(Redaction.repeatable(name).visible)\(advice)")
      }
      if value.tag == Tag(.null) { continue }
      entries[name] = Entry(line: line, values: try values(of: value, for: option, line: line))
    }
  }

  private func values(of node: Node, for option: ConfigurableOption, line: Int) throws(JobFailure) -> [String] {
    switch node {
    case .scalar(let scalar): return [scalar.string]
    case .sequence(let sequence) where option.note.isCommaSeparated || option.isRepeatable:
      let texts = sequence.compactMap { $0.scalar?.string }
      guard texts.count == sequence.count else { break }
      return option.isRepeatable ? texts : [texts.joined(separator: ",")]
    default: break
    }
    throw failure(line, "\(option.name) has several values; write \(option.name): VALUE")
  }

  private func failure(_ line: Int, _ description: String) -> JobFailure {
    JobFailure(.unusableInput, "\(path) line \(line): \(description)")
  }
}
