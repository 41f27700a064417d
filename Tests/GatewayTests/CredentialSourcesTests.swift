import TestSupport
import Testing

@testable import Gateway

@Suite("The one key for all")
struct CredentialSourcesTests {
  private func header(_ sources: CredentialSources) throws -> String? {
    try sources.load()[Credential.defaultName].map { "\($0.header.name): \($0.header.value)" }
  }

  @Test(
    "comes from the environment, without the white space around it",
    arguments: ["CANARY-1", " CANARY-1", "CANARY-1\n", "\r\n\tCANARY-1 \r\n", "\u{FEFF}CANARY-1", "CANARY-1\u{A0}"])
  func environmentKey(value: String) throws {
    #expect(try header(CredentialSources(environment: ["JELOU_API_KEY": value])) == "x-api-key: CANARY-1")
  }

  @Test(
    "comes from a file, without the white space around it",
    arguments: ["CANARY-1", "CANARY-1\n", "\u{FEFF}CANARY-1\r\n"])
  func fileKey(content: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(content, to: "key")
    #expect(try header(CredentialSources(apiKeyFile: path, environment: [:])) == "x-api-key: CANARY-1")
  }

  @Test("comes from the file when the environment has one too")
  func precedence() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("CANARY-1", to: "key")
    let environment = ["JELOU_API_KEY": "other", "JELOU_CLIENT_ID": "client"]
    #expect(try header(CredentialSources(apiKeyFile: path, environment: environment)) == "x-api-key: CANARY-1")
  }

  @Test("may be a client's ID and secret")
  func basic() throws {
    let environment = ["JELOU_CLIENT_ID": " Aladdin\n", "JELOU_CLIENT_SECRET": "open:sesame\n", "JELOU_API_KEY": ""]
    #expect(
      try header(CredentialSources(environment: environment)) == "authorization: Basic QWxhZGRpbjpvcGVuOnNlc2FtZQ==")
  }

  static let refused: [([String: String], CredentialError)] = [
    ([:], .none), (["JELOU_API_KEY": ""], .none),
    (["JELOU_API_KEY": " \n"], .emptyValue(what: "JELOU_API_KEY")),
    (["JELOU_API_KEY": "CANARY\nCANARY"], .unusableValue(what: "JELOU_API_KEY")),
    (["JELOU_API_KEY": "CANARY\r\nx-evil: 1"], .unusableValue(what: "JELOU_API_KEY")),
    (["JELOU_API_KEY": "CANARY CANARY"], .unusableValue(what: "JELOU_API_KEY")),
    (["JELOU_API_KEY": "CANARY\u{0}"], .unusableValue(what: "JELOU_API_KEY")),
    (["JELOU_API_KEY": "CANARY\u{7F}"], .unusableValue(what: "JELOU_API_KEY")),
    (["JELOU_API_KEY": "CANARYé"], .unusableValue(what: "JELOU_API_KEY")),
    (["JELOU_API_KEY": "“CANARY”"], .unusableValue(what: "JELOU_API_KEY")),
    (["JELOU_API_KEY": "CANARY\u{200B}x"], .unusableValue(what: "JELOU_API_KEY")),
    (["JELOU_CLIENT_ID": "client"], .incompletePair(missing: "JELOU_CLIENT_SECRET")),
    (["JELOU_CLIENT_SECRET": "CANARY"], .incompletePair(missing: "JELOU_CLIENT_ID")),
    (["JELOU_CLIENT_ID": "a:b", "JELOU_CLIENT_SECRET": "CANARY"], .unusableValue(what: "JELOU_CLIENT_ID")),
    (["JELOU_CLIENT_ID": "client", "JELOU_CLIENT_SECRET": "CAN ARY"], .unusableValue(what: "JELOU_CLIENT_SECRET")),
    (["JELOU_API_KEY": "CANARY", "JELOU_CLIENT_ID": "client"], .conflicting("JELOU_API_KEY", "JELOU_CLIENT_ID")),
    (
      ["JELOU_API_KEY": "CANARY", "JELOU_CLIENT_SECRET": "CANARY"], .conflicting("JELOU_API_KEY", "JELOU_CLIENT_SECRET")
    ),
  ]

  @Test("is refused without a word of its value", arguments: refused)
  func refuses(environment: [String: String], expected: CredentialError) throws {
    let error = try #require(throws: CredentialError.self) { try CredentialSources(environment: environment).load() }
    #expect(error == expected)
    #expect(!error.isAboutAccess)
    for text in ["\(error)", String(reflecting: error)] {
      #expect(!text.contains("CANARY") && !text.contains("CAN ARY"))
    }
  }

  @Test("in a file is refused without a word of it", arguments: ["", "\n", "CANARY\nCANARY\n", "CANARYé", "CAN ARY"])
  func refusesFile(content: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(content, to: "key")
    let error = try #require(throws: CredentialError.self) {
      try CredentialSources(apiKeyFile: path, environment: [:]).load()
    }
    #expect(!error.isAboutAccess)
    #expect("\(error)".hasPrefix("\(path): the API key file (--api-key-file) "))
    #expect(!"\(error)".contains("CAN"))
  }

  @Test("in a file of bytes that are no text is refused")
  func binaryFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([0x43, 0xFF, 0xFE], to: "key")
    #expect(throws: CredentialError.unusableValue(what: "\(path): the API key file (--api-key-file)")) {
      try CredentialSources(apiKeyFile: path, environment: [:]).load()
    }
  }

  @Test("in a file that is out of reach is an access error", arguments: ["missing", "."])
  func missingFile(name: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path(name)
    let error = try #require(throws: CredentialError.self) {
      try CredentialSources(apiKeyFile: path, environment: [:]).load()
    }
    #expect(error == .cannotOpen(what: "the API key file (--api-key-file)", path: path))
    #expect(error.isAboutAccess)
  }

  @Test(
    "in a file that others can read is used with a warning", arguments: [(0o600, false), (0o644, true), (0o640, true)])
  func permissions(mode: Int, warns: Bool) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("CANARY", to: "key", permissions: mode)
    let credentials = try CredentialSources(apiKeyFile: path, environment: [:]).load()
    let warning = "\(path): other users can read this file; restrict access with: chmod 600 \(path)"
    #expect(credentials.warnings == (warns ? [warning] : []))
  }
}
