import InventoryModel
import TextFormats

/// The facts about a run, as pairs of a label and a value.
struct HTMLFacts {
  let record: RunRecord
  /// The credential that all rows share; nil if there are several or none.
  let credential: String?
  let language: Language

  var items: [TemplateValues] {
    facts.map { label, value in
      var fact = TemplateValues()
      fact.set("label", language.word("fact_\(label)"))
      fact.set("value", value.visible)
      return fact
    }
  }

  private var facts: [(label: String, value: String)] {
    var path = ReportSentences(language: language).list(record.listPath)
    if record.shard != Shard.whole.description { path += " [\(record.shard)]" }
    var facts: [(label: String, value: String)] = [
      ("number", String(record.id)),
      ("list", "\(path) (\(language.word("rows", count: record.listRows)))"),
      ("state", language.word("state_\(record.state.rawValue)")),
      ("started", language.dateAndTime(record.startedAt)),
    ]
    if let finishedAt = record.finishedAt {
      facts.append(("finished", language.dateAndTime(finishedAt)))
      facts.append(("duration", language.duration(from: record.startedAt, to: finishedAt)))
    }
    return facts + [
      ("gateway", record.baseURL), ("rate", record.rate == "0/s" ? language.word("no_limit") : record.rate),
      ("concurrency", language.number(record.concurrency)), ("requests", language.number(record.requests)),
      ("responses", language.number(record.responses)), ("version", record.version),
    ] + (credential.map { [("credential", $0)] } ?? [])
  }
}
