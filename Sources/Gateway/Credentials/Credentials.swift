import Files
import InventoryModel
import TextFormats

/// All credentials of a run, by name.
package struct Credentials: Sendable {
  private let byName: [ExactText: Credential]
  /// What a user should know about how the secrets are kept; never a secret itself.
  package let warnings: [String]
  /// The files that were read, those included that the credentials file refers to.
  package let files: [String]

  /// Masks the secrets of all of them, whichever a text is about: a gateway may repeat one in the answer to another.
  package let mask: SecretMask

  /// - Parameter others: further secrets that are masked, although no request carries them.
  package init(
    _ credentials: [Credential], warnings: [String] = [], files: [String] = [], alsoMasking others: SecretMask = .none
  ) {
    self.files = files
    mask = SecretMask(credentials.filter(\.isSecret).flatMap(\.secrets)).union(others)
    byName = Dictionary(credentials.map { (ExactText($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    self.warnings = warnings
  }

  /// In the order of their bytes.
  package var names: [String] { byName.keys.sorted().map(\.string) }

  /// Those whose secret is so short that other text may contain it by chance.
  package var namesOfShortSecrets: [String] { names.filter { self[$0]?.isShort == true } }

  /// The name of the one for rows that name none; nil when there is no such credential.
  package var nameOfDefault: String? { self[Credential.defaultName]?.name }

  package subscript(name: String) -> Credential? { byName[ExactText(name)] }

  /// With one more, unless there is one of its name.
  package func adding(_ credential: Credential) -> Credentials {
    Credentials(Array(byName.values) + [credential], warnings: warnings, files: files, alsoMasking: mask)
  }

  /// The same, with further secrets that are masked.
  package func masking(_ others: SecretMask) -> Credentials {
    Credentials(Array(byName.values), warnings: warnings, files: files, alsoMasking: mask.union(others))
  }
}

/// Where the credentials of a run come from.
package struct CredentialSources: Sendable {
  /// `--api-key-file`
  package var apiKeyFile: String?
  /// `--credentials`
  package var credentialsFile: String?
  package var environment: [String: String]

  package init(apiKeyFile: String? = nil, credentialsFile: String? = nil, environment: [String: String]) {
    self.apiKeyFile = apiKeyFile
    self.credentialsFile = credentialsFile
    self.environment = environment
  }

  /// Reads them all.
  ///
  /// - Throws: ``CredentialError``, also ``CredentialError/none`` when there is not one.
  package func load() throws(CredentialError) -> Credentials {
    var credentials: [Credential] = []
    var warnings: [String] = []
    var files = [apiKeyFile, credentialsFile].compactMap { $0 }
    if let one = try oneForAll(&warnings) { credentials.append(one) }
    if let credentialsFile {
      let file = try CredentialFile(path: credentialsFile, environment: environment)
      credentials += file.rows.map(\.credential)
      files += file.filesWithSecrets
      warnings += file.filesWithSecrets.compactMap(Self.warning)
      let all = Credentials(credentials, alsoMasking: SecretMask(environment: environment))
      for row in file.rows { try row.check(by: all.mask, path: credentialsFile) }
    }
    guard !credentials.isEmpty else { throw .none }
    return Credentials(credentials, warnings: warnings, files: files, alsoMasking: SecretMask(environment: environment))
  }

  /// The one credential for all rows that name none: the file given, or else the environment's.
  private func oneForAll(_ warnings: inout [String]) throws(CredentialError) -> Credential? {
    if let apiKeyFile {
      let key = try SecretValue.fromFile(apiKeyFile, what: "the file named by --api-key-file")
      if let warning = Self.warning(about: apiKeyFile) { warnings.append(warning) }
      return .apiKey(key, name: Credential.defaultName)
    }
    let (key, id, secret) = (set("JELOU_API_KEY"), set("JELOU_CLIENT_ID"), set("JELOU_CLIENT_SECRET"))
    if key != nil, id != nil || secret != nil {
      throw .conflicting("JELOU_API_KEY", id != nil ? "JELOU_CLIENT_ID" : "JELOU_CLIENT_SECRET")
    }
    if let key { return .apiKey(try SecretValue.checked(key, what: "JELOU_API_KEY"), name: Credential.defaultName) }
    switch (id, secret) {
    case (nil, nil): return nil
    case (nil, _): throw .incompletePair(missing: "JELOU_CLIENT_ID")
    case (_, nil): throw .incompletePair(missing: "JELOU_CLIENT_SECRET")
    case (let id?, let secret?):
      return .basic(
        clientID: try SecretValue.checked(id, what: "JELOU_CLIENT_ID", isClientID: true),
        clientSecret: try SecretValue.checked(secret, what: "JELOU_CLIENT_SECRET"), name: Credential.defaultName)
    }
  }

  private func set(_ variable: String) -> String? {
    environment[variable].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// nil when the file is its owner's alone.
  private static func warning(about path: String) -> String? {
    guard FileStatus(path: path)?.isReadableByOthers == true else { return nil }
    return "\(path) can be read by other users; close it with: chmod 600 \(path)"
  }
}
