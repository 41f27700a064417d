import Files
import InventoryModel
import TextFormats

/// All credentials of a run, by name.
package struct Credentials: Sendable {
  private let byName: [ExactText: Credential]
  /// Warnings for the user about how the secrets are stored. They never contain a secret.
  package let warnings: [String]
  /// The files that were read, including those that the credentials file refers to.
  package let files: [String]

  /// Masks the secrets of all credentials in every text: a gateway may repeat one in the response to another.
  package let mask: SecretMask

  /// - Parameter others: additional secrets to mask that no request carries.
  package init(
    _ credentials: [Credential], warnings: [String] = [], files: [String] = [], alsoMasking others: SecretMask = .none
  ) {
    self.files = files
    mask = SecretMask(credentials.filter(\.isSecret).flatMap(\.secrets)).union(others)
    byName = Dictionary(credentials.map { (ExactText($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    self.warnings = warnings
  }

  /// The names of all credentials, in byte order.
  package var names: [String] { byName.keys.sorted().map(\.string) }

  /// The names of the credentials whose secret is so short that other text may contain it by chance.
  package var namesOfShortSecrets: [String] { names.filter { self[$0]?.isShort == true } }

  /// The name of the credential for rows that name none; nil when there is no such credential.
  package var nameOfDefault: String? { self[Credential.defaultName]?.name }

  package subscript(name: String) -> Credential? { byName[ExactText(name)] }

  /// A copy with one more credential, unless one with its name exists.
  package func adding(_ credential: Credential) -> Credentials {
    Credentials(Array(byName.values) + [credential], warnings: warnings, files: files, alsoMasking: mask)
  }

  /// A copy that also masks other secrets.
  package func masking(_ others: SecretMask) -> Credentials {
    Credentials(Array(byName.values), warnings: warnings, files: files, alsoMasking: mask.union(others))
  }
}

/// The sources of a run's credentials.
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

  /// Reads all credentials.
  ///
  /// - Throws: ``CredentialError``; ``CredentialError/none`` when there is no credential.
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

  /// The single credential for all rows that name none: from the given file, otherwise from the environment.
  private func oneForAll(_ warnings: inout [String]) throws(CredentialError) -> Credential? {
    if let apiKeyFile {
      let key = try SecretValue.fromFile(apiKeyFile, what: "the API key file (--api-key-file)")
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

  /// A warning about a file that other users can read; nil when only its owner can.
  private static func warning(about path: String) -> String? {
    guard FileStatus(path: path)?.isReadableByOthers == true else { return nil }
    return "\(path): other users can read this file; restrict access with: chmod 600 \(path)"
  }
}
