import Collecting
import Gateway
import InventoryModel
import ProjectList
import Reporting
import TextFormats

/// A forecast for programs to read: one JSON object in which every key is always present.
package struct ForecastJSON {
  private let forecast: Forecast

  package init(forecast: Forecast) { self.forecast = forecast }

  package var text: String {
    var json = JSONText()
    json.object { json in
      json.key("list")
      json.object(list)
      json.key("credentials")
      json.object(credentials)
      json.key("beginning")
      json.object(beginning)
      json.key("pace")
      json.object(pace)
      json.key("output")
      json.object { json in
        json.member("folder", forecast.plan.reports.folder)
        json.member("folder_exists", raw: forecast.hasFolder ? "true" : "false")
        json.member("database", forecast.plan.databasePath)
        json.member("database_exists", raw: forecast.hasDatabase ? "true" : "false")
      }
      json.key("probes")
      if let probes = forecast.probes {
        json.array { json in for probe in probes { json.object { write(probe, to: &$0) } } }
      } else {
        json.raw("null")
      }
      json.key("warnings")
      json.array { json in
        for warning in forecast.warnings + [forecast.ending.reason].compactMap({ $0 }) { json.value(warning) }
      }
    }
    return forecast.mask.masked(json.string)
  }

  private func list(_ json: inout JSONText) {
    let (reading, figures) = (forecast.reading, forecast.list)
    json.member("path", forecast.plan.listPath)
    json.member("encoding", reading.encoding)
    json.member("delimiter", reading.delimiter)
    json.member("header", raw: reading.hasHeader ? "true" : "false")
    json.member("id_column", reading.idColumn)
    json.key("first_ids")
    json.array { json in for id in reading.firstIDs { json.value(id) } }
    json.member("written_for_spreadsheets", raw: reading.restoresCells ? "true" : "false")
    json.member("shard", forecast.plan.shard.description)
    json.member("whole_rows", forecast.wholeListRows)
    json.member("rows", figures.rows)
    json.member("projects", figures.projects)
    sample("duplicates", "rows", figures.duplicates, to: &json) { duplicate, json in
      json.object { json in
        json.member("line", duplicate.line)
        json.member("project_id", duplicate.projectID)
        json.member("first_line", duplicate.firstLine)
      }
    }
    sample("invalid", "rows", figures.invalid, to: &json) { invalid, json in
      json.object { json in
        json.member("line", invalid.line)
        json.member("error_code", invalid.error.code.rawValue)
        json.member("error_message", invalid.error.message)
      }
    }
    for doubt in ProjectIDCheck.Doubt.allCases {
      sample(doubt.key, "rows", forecast.doubts[doubt] ?? Sample(), to: &json) { $1.value($0) }
    }
  }

  private func credentials(_ json: inout JSONText) {
    let figures = forecast.list
    json.key("used")
    json.array { json in
      for share in forecast.shares {
        json.object { json in
          json.member("name", share.name)
          json.member("rows", share.rows)
          json.member("requests", share.requests)
        }
      }
    }
    json.key("unused")
    json.array { json in for name in forecast.unusedCredentials { json.value(name) } }
    json.key("unknown")
    json.object { json in
      json.member("rows", figures.rowsWithUnknownCredential)
      json.member("names", figures.unknownCredentials.count)
      json.key("first")
      json.array { json in
        for unknown in figures.unknownCredentials.first {
          json.object { json in
            json.member("name", unknown.name)
            json.member("rows", unknown.rows)
            json.member("line", unknown.line)
          }
        }
      }
    }
    sample("missing", "rows", figures.withoutCredential, to: &json) { $1.value($0) }
  }

  private func beginning(_ json: inout JSONText) {
    let earlier = forecast.earlierRun
    let kind: String =
      switch forecast.plan.mode {
      case _ where earlier == nil: "new"
      case .newRun: "new"
      case .resume: "resume"
      case .retryFailed: "retry-failed"
      }
    json.member("kind", kind)
    json.member("run", earlier.map { Int($0.record.id) })
    json.member("started_at", earlier?.record.startedAt.description)
    json.member("open_rows", earlier?.openRows)
    json.key("left_behind")
    if let left = forecast.leftRun {
      json.object { json in
        json.member("run", Int(left.run.record.id))
        json.member("started_at", left.run.record.startedAt.description)
        json.member("open_rows", left.openRows)
        json.member("reason", left.run.reason)
      }
    } else {
      json.raw("null")
    }
  }

  private func pace(_ json: inout JSONText) {
    let (plan, pace) = (forecast.plan, forecast.pace)
    json.member("base_url", forecast.baseURL)
    json.member("requests", pace.requests)
    json.member("rate", plan.pace.rate.description)
    json.member("rate_scope", plan.pace.rateBudget.rawValue)
    json.member("burst", plan.pace.burst)
    json.member("least_ms", pace.leastTime.inMilliseconds)
    json.member("latency_ms", pace.latency.inMilliseconds)
    json.member("latency_measured", raw: forecast.latencyIsMeasured ? "true" : "false")
    json.member("concurrency", plan.pace.concurrency)
    json.member("needed_concurrency", pace.neededConcurrency)
    json.member("likely_ms", pace.expectedTime.inMilliseconds)
  }

  private func write(_ probe: Forecast.Probe, to json: inout JSONText) {
    json.member("name", probe.project.credential)
    json.member("verdict", probe.verdict.rawValue)
    json.member("line", probe.project.line)
    json.member("project_id", probe.project.projectID)
    json.member("outcome", probe.answer.outcome.rawValue)
    json.member("http_status", probe.answer.httpStatus)
    json.member("latency_ms", probe.latencyMS)
    json.member("error_code", probe.answer.error?.code.rawValue)
    json.member("error_message", probe.answer.error?.message)
  }

  /// Writes the number of elements and the first few of them.
  private func sample<Element>(
    _ name: StaticString, _ count: StaticString, _ sample: Sample<Element>, to json: inout JSONText,
    _ write: (Element, inout JSONText) -> Void
  ) {
    json.key(name)
    json.object { json in
      json.member(count, sample.count)
      json.key("first")
      json.array { json in for element in sample.first { write(element, &json) } }
    }
  }
}
