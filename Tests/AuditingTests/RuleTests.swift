import InventoryModel
import Testing
import TextFormats

@testable import Auditing

/// A found row that no rule has anything against, and changes to it.
private struct Case: Sendable, CustomTestStringConvertible {
  var row: ResultRow
  var settings = AuditSettings()
  let testDescription: String

  init(_ description: String, expecting expected: String? = nil, _ change: (inout Integration) -> Void = { _ in }) {
    testDescription = description
    var integration = Integration(
      id: "int", brainID: "brain", webhookURL: "https://hooks.example.com/a?b=c", webhookHost: "hooks.example.com",
      authType: "bearer", createdAt: "2026-01-15T10:30:00.000Z", updatedAt: "2026-01-20T10:30:00.000Z")
    change(&integration)
    row = ResultRow(
      line: 2, projectID: "project",
      inputJSON: InputCells.json(columns: ["owner", "expected_webhook"], cells: ["Ana", expected]), outcome: .found,
      integration: integration, fetchedAt: "2026-11-23T10:00:00.000Z")
  }

  /// With a webhook as the gateway's answer would have left it.
  init(url: String, expecting expected: String? = nil, allowing hosts: [String] = []) {
    self.init(url, expecting: expected) { integration in
      let webhook = Webhook(url)
      integration.webhookURL = webhook.url
      integration.webhookHost = webhook.host
    }
    settings.allowedHosts = hosts.compactMap { HostPattern($0) }
  }

  func allowing(_ hosts: String...) -> Case {
    var copy = self
    copy.settings.allowedHosts = hosts.compactMap { HostPattern($0) }
    return copy
  }

  var findings: [Finding] { Audit(settings, inputColumns: ["owner", "expected_webhook"]).findings(of: row) }
}

@Suite("A rule of the audit")
struct RuleTests {
  private static let bad: [(AuditRule, Case)] = [
    (.webhookNotHTTPS, Case(url: "http://hooks.example.com/")),
    (.webhookNotHTTPS, Case(url: "HTTP://hooks.example.com/")),
    (.webhookNotPublic, Case(url: "https://127.1/")), (.webhookNotPublic, Case(url: "https://[::1]:8443/")),
    (.webhookNotPublic, Case(url: "https://u:p@printer.LOCAL./x")),
    (.webhookInvalid, Case(url: "ftp://hooks.example.com/")), (.webhookInvalid, Case(url: "https:///path")),
    (.webhookInvalid, Case(url: "hooks.example.com")), (.webhookInvalid, Case(url: "https://hooks.example.com/a b")),
    (.webhookInvalid, Case(url: "javascript:alert(1)")),
    (.webhookInvalid, Case(url: "https://\u{301}hooks.example.com/")),
    (.webhookHasSecret, Case(url: "https://u:CANARY@hooks.example.com/")),
    (.webhookHasSecret, Case(url: "https://hooks.example.com/?a=b&Access_Token=CANARY")),
    (.webhookHasSecret, Case(url: "https://hooks.example.com/#sig=CANARY")),
    (.secretInResponse, Case("a signing secret") { $0.extraJSON = #"{"signingSecret":"***"}"# }),
    (.secretInResponse, Case("deep") { $0.extraJSON = #"{"a":[{"b":{"authorization":"***"}}]}"# }),
    (.secretInResponse, Case("an escaped name") { $0.extraJSON = #"{"a\"key":"***"}"# }),
    (.secretInResponse, Case("a header") { $0.extraJSON = #"{"h":[{"name":"Authorization","value":"***"}]}"# }),
    (.hostNotAllowed, Case("another host").allowing("other.example.com", "*.example.org")),
    (.webhookUnexpected, Case("another host", expecting: "https://other.example.com/a?b=c")),
    (.webhookUnexpected, Case("another path", expecting: "https://hooks.example.com/other")),
    (.webhookUnexpected, Case("no URL", expecting: "Bearer CANARY")),
    (.webhookUnexpected, Case("a secret", expecting: "https://u:CANARY@hooks.example.com/?token=CANARY")),
    (.noAuth, Case("no_auth") { $0.authType = "no_auth" }),
    (.brainMismatch, Case("an envelope") { $0.id = nil }),
    (
      .stale,
      Case("365 days and a bit") {
        $0.updatedAt = "2025-11-23T09:59:59.999Z"
        $0.createdAt = nil
      }
    ),
    (.timeInconsistent, Case("updated before created") { $0.updatedAt = "2026-01-15T10:29:59.999Z" }),
    (.timeInconsistent, Case("updated in the future") { $0.updatedAt = "2026-11-23T10:00:00.001Z" }),
    (
      .timeInconsistent,
      Case("created in the future") {
        $0.createdAt = "2027-01-01T00:00:00.000Z"
        $0.updatedAt = nil
      }
    ),
    (.unknownAuthType, Case("hmac") { $0.authType = "hmac" }),
    (.unknownAuthType, Case("a secret") { $0.authType = "Basic CANARY" }),
    (.unexpectedField, Case("a field") { $0.extraJSON = #"{"status":"on"}"# }),
    (.unexpectedField, Case("masked, but no secret") { $0.extraJSON = #"{"status":"***"}"# }),
  ]

  @Test("finds what it is for, and shows no secret", arguments: bad)
  private func finds(rule: AuditRule, row: Case) {
    let findings = row.findings.filter { $0.rule == rule }
    #expect(findings.count == 1)
    #expect(findings.allSatisfy { !$0.detail.contains("CANARY") && !$0.detail.isEmpty })
  }

  @Test(
    "has nothing against what is right",
    arguments: [
      Case("everything in order"), Case(url: "https://hooks.example.com/a?b=c", expecting: ""),
      Case("the expected one", expecting: " https://hooks.example.com/a?b=c "),
      Case("an allowed host").allowing("*.example.com"),
      Case("another allowed host").allowing("x", "HOOKS.example.com"),
      Case("no auth type") { $0.authType = nil },
      Case("an envelope for the project") {
        $0.id = nil
        $0.brainID = "project"
      },
      Case("an envelope without brain") {
        $0.id = nil
        $0.brainID = nil
      },
      Case("365 days") {
        $0.updatedAt = "2025-11-23T10:00:00.000Z"
        $0.createdAt = nil
      },
      Case("no times") {
        $0.updatedAt = nil
        $0.createdAt = "yesterday"
      },
      Case("just now") {
        $0.updatedAt = "2026-11-23T10:00:00.000Z"
        $0.createdAt = $0.updatedAt
      },
    ])
  private func findsNothing(row: Case) {
    #expect(row.findings.isEmpty)
  }

  @Test("compares an expectation after masking it, so that the same secret in both is no difference")
  func maskedExpectation() {
    let url = "https://hooks.example.com/?token=CANARY"
    #expect(Case(url: url, expecting: url).findings.map(\.rule) == [.webhookHasSecret])
  }

  @Test("says which fields, secret ones apart")
  func fields() {
    let row = Case("fields") { $0.extraJSON = #"{"apiKey":"***","mode":{"secret":"***"},"plan":["x\"{",1]}"# }
    #expect(
      Set(row.findings) == [
        Finding(.secretInResponse, "The response contains secrets in: apiKey, secret"),
        Finding(.unexpectedField, "Unknown fields: mode, plan"),
      ])
  }

  @Test("counts days as it is told")
  func staleAfter() {
    var row = Case("20 days") { $0.updatedAt = "2026-11-03T10:00:00.000Z" }
    row.settings.staleAfterDays = 20
    #expect(row.findings.isEmpty)
    row.settings.staleAfterDays = 19
    #expect(row.findings.map(\.rule) == [.stale])
  }

  @Test("keeps its detail short and visible, whatever the gateway sends")
  func bounded() {
    let name = String(repeating: "e\u{301}\u{202E}\n", count: 500)
    let row = Case("long") { integration in
      integration.extraJSON = "{\"\(name.replacing("\n", with: "\\n"))\":1}"
      integration.id = nil
      integration.brainID = name
    }
    #expect(row.findings.count == 2)
    for finding in row.findings {
      #expect(finding.detail.unicodeScalars.count <= 200)
      #expect(!finding.detail.unicodeScalars.contains { $0.isInvisible })
    }
  }

  @Test("is about integrations: a row without one has no findings", arguments: Outcome.allCases.filter { $0 != .found })
  func otherOutcomes(outcome: Outcome) {
    var row = Case(url: "http://127.0.0.1/")
    row.row.outcome = outcome
    #expect(row.findings.isEmpty)
  }
}
