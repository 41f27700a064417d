import Gateway
import InventoryModel
import Logging
import TextFormats

/// The format of log records.
enum LogFormat: String, CaseIterable {
  case text
  case json
}

/// Writes log records to the ``Console``: a line for people, or a JSON object for programs.
struct ConsoleLogHandler: LogHandler {
  let console: Console
  let format: LogFormat
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let record = record(event.level, event.message.description, metadata.merging(event.metadata ?? [:]) { $1 })
    console.line(record, isDispensable: event.level <= .debug)
  }

  /// Formats a record as a line, or as several for a narrow terminal.
  func record(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata) -> String {
    let fields = metadata.sorted { $0.key < $1.key }
    return switch format {
    case .text: text(level: level, message: message, fields: fields)
    case .json: json(level: level, message: message, fields: fields)
    }
  }

  private func text(level: Logger.Level, message: String, fields: [(key: String, value: Logger.MetadataValue)])
    -> String
  {
    let tail = fields.map { " \($0.key)=\("\($0.value)".visible)" }.joined()
    let style: Console.Style =
      switch level {
      case .critical, .error: .red
      case .warning: .yellow
      case .notice, .info, .debug, .trace: .dim
      }
    // On a terminal, lines break between words. Otherwise a record is one line, for which programs search.
    let layout = TextLayout(width: console.isTerminal ? console.width : nil)
    let label = "\(level):"
    let lines = layout.paragraph(message.visible + tail, start: label + " ", indent: 2)
    return console.styled(label, style) + lines.joined(separator: "\n").dropFirst(label.count)
  }

  private func json(level: Logger.Level, message: String, fields: [(key: String, value: Logger.MetadataValue)])
    -> String
  {
    var json = JSONText()
    json.object { json in
      json.member("time", Timestamp.now.description)
      json.member("level", level.rawValue)
      json.member("message", message)
      for (key, value) in fields {
        json.key(text: key)
        Self.write(value, to: &json, isText: Self.textFields.contains(key))
      }
    }
    return json.string
  }

  private static func write(_ value: Logger.MetadataValue, to json: inout JSONText, isText: Bool) {
    switch value {
    case .string(let text):
      if !isText, let number = Int(text), String(number) == text { json.value(number) } else { json.value(text) }
    case .stringConvertible(let value): write(.string("\(value)"), to: &json, isText: isText)
    case .array(let values):
      json.array { json in for value in values { write(value, to: &json, isText: true) } }
    case .dictionary(let values):
      json.object { json in
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
          json.key(text: key)
          write(value, to: &json, isText: textFields.contains(key))
        }
      }
    }
  }

  /// Fields that stay text even when they look like a number.
  private static let textFields: Set<String> = ["project_id", "id_column"]
}
