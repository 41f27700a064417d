import InventoryModel

/// What a run has left, for whoever picks the files up: written last, so that its presence says they are all there.
package struct Manifest: Sendable {
  package static let fileName = "manifest.json"

  package struct File: Hashable, Sendable {
    package var name: String
    package var format: String
    /// Rows of the list that the file holds.
    package var rows: Int
    package var bytes: Int
  }

  let run: ReportedRun
  let files: [File]

  /// The manifest's text, its keys in the order of the documentation.
  var json: [UInt8] {
    let record = run.record
    var json = JSONText()
    json.object { json in
      json.key("version")
      json.value(record.version)
      json.key("run")
      json.value(Int(record.id))
      json.key("state")
      json.value(record.state.rawValue)
      json.key("started_at")
      json.value(record.startedAt.description)
      json.key("finished_at")
      json.value(record.finishedAt?.description)
      json.key("list")
      json.object { json in
        json.key("path")
        json.value(record.listPath)
        json.key("rows")
        json.value(record.listRows)
      }
      json.key("outcomes")
      json.object { json in
        for outcome in Outcome.allCases {
          json.key(outcome.rawValue)
          json.value(run.outcomes[outcome])
        }
      }
      json.key("files")
      json.array { json in
        for file in files {
          json.object { json in
            json.key("name")
            json.value(file.name)
            json.key("format")
            json.value(file.format)
            json.key("rows")
            json.value(file.rows)
            json.key("bytes")
            json.value(file.bytes)
          }
        }
      }
    }
    json.newline()
    return json.bytes
  }
}
