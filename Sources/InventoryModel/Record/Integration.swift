/// A project's integration, as the gateway describes it. Its fields are also listed in ``RecordField/all``.
package struct Integration: Hashable, Sendable {
  /// Identifier of the integration; present only in the flat response body.
  package var id: String?
  /// Identifier of the project in the gateway's response.
  package var brainID: String?
  /// URL to which the gateway sends events; never empty. Secrets in it are masked as `***`.
  package var webhookURL: String
  /// Host of the URL in lower case, without the port; nil if the URL has no host.
  package var webhookHost: String?
  /// How the gateway authenticates to the webhook, e.g. `bearer` or `no_auth`.
  package var authType: String?
  /// Time of creation: RFC 3339 in UTC with milliseconds, or as received if it can't be parsed.
  package var createdAt: String?
  /// Time of the last update, in the same format as ``createdAt``.
  package var updatedAt: String?
  /// Fields that this program does not know, as the text of one JSON object with sorted keys; `{}` if there are none.
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

  /// UTF-8 size of the texts in bytes.
  package var byteCount: Int {
    func size(_ text: String?) -> Int { text?.utf8.count ?? 0 }
    return size(id) + size(brainID) + size(webhookURL) + size(webhookHost) + size(authType) + size(createdAt)
      + size(updatedAt) + size(extraJSON)
  }
}
