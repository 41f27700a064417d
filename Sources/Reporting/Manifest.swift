import InventoryModel
import TextFormats

/// Describes the output files of a run, for programs that process them. It is written last, so its presence means that
/// all files are there.
package struct Manifest: Sendable {
  package static let fileName = "manifest.json"

  package struct File: Hashable, Sendable {
    package var name: String
    package var format: String
    /// Number of list rows in the file.
    package var rows: Int
    package var bytes: Int
    /// nil unless the file is a CSV report.
    package var alteration: Alteration?
  }

  /// The number of values that a CSV dialect altered.
  package struct Alteration: Hashable, Sendable {
    package var profile: CSVProfile
    /// Number of cells that differ from the stored values.
    package var cells: Int
  }

  let run: ReportedRun
  let files: [File]

  /// The manifest as JSON, with its keys in the documented order.
  var json: [UInt8] {
    let record = run.record
    var json = JSONText()
    json.object { json in
      json.member("version", record.version)
      json.member("run", Int(record.id))
      json.member("state", record.state.rawValue)
      json.member("started_at", record.startedAt.description)
      json.member("finished_at", record.finishedAt?.description)
      json.key("list")
      json.object { json in
        json.member("path", record.listPath)
        json.member("rows", record.listRows)
      }
      json.key("outcomes")
      json.object { json in
        for outcome in Outcome.allCases {
          json.key(text: outcome.rawValue)
          json.value(run.overview.outcomes[outcome])
        }
      }
      json.key("held")
      if let held = record.held {
        json.object { $0.member("reason", held.description) }
      } else {
        json.raw("null")
      }
      json.key("files")
      json.array { json in
        for file in files {
          json.object { json in
            json.member("name", file.name)
            json.member("format", file.format)
            json.member("rows", file.rows)
            json.member("bytes", file.bytes)
            if let alteration = file.alteration {
              json.member("profile", alteration.profile.rawValue)
              json.member("altered_cells", alteration.cells)
            }
          }
        }
      }
      json.member("resume_after", record.resumeAfter?.description)
    }
    json.newline()
    return json.bytes
  }
}
