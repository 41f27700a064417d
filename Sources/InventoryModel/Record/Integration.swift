/// A project's integration, as the gateway describes it. Its fields are also listed in ``RecordField/all``.
package struct Integration: Hashable, Sendable {
  /// The integration's own identifier; only the flat body carries it.
  package var id: String?
  /// The project's identifier as the gateway knows it.
  package var brainID: String?
  /// Where the gateway sends events; never empty. Secrets in it are masked as `***`.
  package var webhookURL: String
  /// The URL's host, lower case, without port; nil when the URL has none.
  package var webhookHost: String?
  /// How the gateway authenticates to the webhook, e.g. `bearer` or `no_auth`.
  package var authType: String?
  /// RFC 3339 in UTC with milliseconds, or as received when it can't be read.
  package var createdAt: String?
  /// As ``createdAt``.
  package var updatedAt: String?
  /// The fields this program does not know, as the text of one JSON object with sorted keys; `{}` for none.
  package var extraJSON: String

  package init(
    id: String? = nil, brainID: String? = nil, webhookURL: String, webhookHost: String? = nil, authType: String? = nil,
    createdAt: String? = nil, updatedAt: String? = nil, extraJSON: String = "{}"
  ) {
    self.id = id
    self.brainID = brainID
    self.webhookURL = webhookURL
    self.webhookHost = webhookHost
    self.authType = authType
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.extraJSON = extraJSON
  }

  /// Bytes of its texts.
  package var byteCount: Int {
    RecordField.integration.reduce(0) { $0 + ($1.integrationAccess?.get(self)?.utf8.count ?? 0) }
  }
}
