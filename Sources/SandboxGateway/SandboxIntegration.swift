import InventoryModel
import TextFormats

/// Generates the fictitious integration of a project.
struct SandboxIntegration {
  let projectID: String
  let behavior: SandboxBehavior

  private static let hosts = [
    "hooks.acme.example", "crm.globex.example", "bots.initech.example", "api.umbrella.example", "events.hooli.example",
  ]

  private func hash(_ purpose: String) -> UInt64 { behavior.hash(projectID, purpose) }

  private var token: String { String(hash("id"), radix: 36) }

  private var webhookURL: String {
    "https://\(Self.hosts[Int(hash("host") % UInt64(Self.hosts.count))])/webhooks/jelou/\(token)"
  }

  /// A time from 2023 to 2025, in whole seconds.
  private var createdAt: Timestamp {
    Timestamp(milliseconds: (1_672_531_200 + Int64(hash("created") % 94_000_000)) * 1000)
  }

  /// A time up to 300 days after the creation.
  private var updatedAt: Timestamp {
    Timestamp(milliseconds: createdAt.milliseconds + Int64(hash("updated") % 25_920_000) * 1000)
  }

  var enveloped: String {
    var json = JSONText()
    json.object { json in
      json.key("message")
      json.array { $0.value("Integration retrieved successfully") }
      json.member("statusMessage", "success")
      json.member("status", 1)
      json.key("data")
      json.object { json in
        json.member("brainId", projectID)
        writeConfiguration(to: &json)
      }
    }
    return json.string
  }

  var flat: String {
    var json = JSONText()
    json.object { json in
      json.member("id", "int_" + token)
      json.member("brainId", "brain_" + String(hash("brain"), radix: 36))
      json.member("authType", hash("auth") % 4 == 0 ? "no_auth" : "bearer")
      writeConfiguration(to: &json)
    }
    return json.string
  }

  private func writeConfiguration(to json: inout JSONText) {
    json.member("webhookUrl", webhookURL)
    json.member("createdAt", createdAt.description)
    json.member("updatedAt", updatedAt.description)
  }

  /// The gateway's error envelope.
  static func failure(_ message: String) -> String {
    var json = JSONText()
    json.object { json in
      json.key("message")
      json.array { $0.value(message) }
      json.member("statusMessage", "error")
      json.member("status", 0)
    }
    return json.string
  }

  /// The 404 body of a router in front of the gateway for an unknown path, in the format of NestJS.
  static func unknownRoute(_ method: String, _ path: String) -> String {
    var json = JSONText()
    json.object { json in
      json.member("message", "Cannot \(method) \(path)")
      json.member("error", "Not Found")
      json.member("statusCode", 404)
    }
    return json.string
  }
}
