import TestSupport
import Testing

@testable import Gateway

@Suite("The credentials file")
struct CredentialFileTests {
  private static let environment = ["ACME_KEY": "CANARY-env", "EMPTY": "", "BROKEN": "CANARY\nCANARY"]

  /// Loads a file of this content, beside a file `key` that holds a key.
  private func load(_ bytes: [UInt8], permissions: Int = 0o600, keyPermissions: Int = 0o600) throws -> Credentials {
    let folder = try TemporaryFolder()
    try folder.write("CANARY-file\n", to: "key", permissions: keyPermissions)
    let path = try folder.write(bytes, to: "keys.csv", permissions: permissions)
    do {
      return try CredentialSources(credentialsFile: path, environment: Self.environment).load()
    } catch CredentialError.malformedFile(path, let line, let reason) {
      throw CredentialError.malformedFile(path: "keys.csv", line: line, reason: reason)
    }
  }

  private func load(_ text: String) throws -> Credentials { try load(Array(text.utf8)) }

  @Test(
    "gives one key to each name",
    arguments: [
      "name,api_key\nacme,CANARY-1\nglobex,CANARY-2\n", "name;api_key\nacme;CANARY-1\nglobex;CANARY-2",
      "name\tapi_key\r\nacme\tCANARY-1\r\nglobex\tCANARY-2\r\n",
      "Name , API_KEY\n acme , CANARY-1 \n\nglobex,CANARY-2\n,\n",
      "\u{FEFF}name,api_key\nacme,CANARY-1\nglobex,CANARY-2\n",
      "api_key,note,name\nCANARY-1,ours,acme\nCANARY-2,,globex\n",
      "\"name\",\"api_key\"\n\"acme\",\"CANARY-1\"\n\"globex\",\"CANARY-2\"\n",
      "name,api_key\nacme,CANARY-1,\nglobex,CANARY-2",
    ])
  func keys(text: String) throws {
    let credentials = try load(text)
    #expect(credentials["acme"]?.header.name == "x-api-key")
    #expect(credentials["acme"]?.header.value == "CANARY-1")
    #expect(credentials["globex"]?.header.value == "CANARY-2")
    #expect(credentials["ACME"] == nil)
    #expect(credentials[Credential.defaultName] == nil)
  }

  @Test("takes names of 255 characters, and refuses longer ones with their line")
  func longNames() throws {
    let name = String(repeating: "é", count: 255)
    #expect(try load("name,api_key\n\(name),CANARY-1\n")[name] != nil)
    #expect {
      try load("name,api_key\n\(name)x,CANARY-1\n")
    } throws: {
      "\($0)" == "keys.csv line 2: the name has 256 characters or more; choose a shorter one"
    }
  }

  @Test("may be UTF-16, as spreadsheets save it")
  func utf16() throws {
    let text = "name,api_key\nacmé,CANARY-1\n"
    let bytes: [UInt8] = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try load([0xFF, 0xFE] + bytes)["acmé"]?.header.value == "CANARY-1")
  }

  @Test("gives an ID and a secret to each name")
  func clients() throws {
    let credentials = try load("name,client_id,client_secret\nacme,Aladdin,open:sesame\n")
    #expect(credentials["acme"]?.header.name == "authorization")
    #expect(credentials["acme"]?.header.value == "Basic QWxhZGRpbjpvcGVuOnNlc2FtZQ==")
  }

  @Test("may hold both forms side by side")
  func bothForms() throws {
    let credentials = try load(
      "name,api_key,client_id,client_secret\nacme,CANARY-1,,\nglobex,,Aladdin,open:sesame\n")
    #expect(credentials["acme"]?.header.value == "CANARY-1")
    #expect(credentials["globex"]?.header.value == "Basic QWxhZGRpbjpvcGVuOnNlc2FtZQ==")
  }

  @Test("may refer to the environment and to files, from its own folder")
  func referring() throws {
    let credentials = try load("name,api_key\nacme,env:ACME_KEY\nglobex,file:key\ninitech,file:./key\n")
    #expect(credentials["acme"]?.header.value == "CANARY-env")
    #expect(credentials["globex"]?.header.value == "CANARY-file")
    #expect(credentials["initech"]?.header.value == "CANARY-file")
  }

  @Test("may refer to a file by its absolute path")
  func absoluteReference() throws {
    let folder = try TemporaryFolder()
    let key = try folder.write("CANARY-far", to: "far")
    #expect(try load("name,api_key\nacme,file:\(key)\n")["acme"]?.header.value == "CANARY-far")
  }

  private static let badHeader = "the header must be name,api_key or name,client_id,client_secret"

  @Test(
    "that is no table of credentials is refused with line and reason, and without a word of a key",
    arguments: [
      ("", 1, "the file is empty; begin it with the header name,api_key"),
      ("\n\n", 1, "the file is empty; begin it with the header name,api_key"),
      ("name,api_key\n", 1, "the file has a header but no credentials; add one row per credential"),
      ("acme,CANARY\n", 1, badHeader), ("name,key\nacme,CANARY\n", 1, badHeader), ("name\nacme\n", 1, badHeader),
      ("\nname,client_id\nacme,CANARY\n", 2, badHeader), ("api_key\nCANARY\n", 1, badHeader),
      ("name,api_key\nacme,CANARY\nacme,CANARY\n", 3, "another row has the same name; choose another"),
      ("name,api_key\n,CANARY\n", 2, "the name is empty; add one"),
      ("name,api_key\n\nacme,\n", 3, "the row has no key; add an api_key, or a client_id and a client_secret"),
      ("name,api_key\nacme\n", 2, "the row has no key; add an api_key, or a client_id and a client_secret"),
      (
        "name,api_key\nacme,CANARY,CANARY\n", 2,
        "the row has more cells than the header; quote cells that contain a comma"
      ),
      (
        "name,api_key\ndefault,CANARY\n", 2,
        "the name default is reserved for the key of JELOU_API_KEY or --api-key-file; choose another"
      ),
      (
        "name,client_id,client_secret\nacme,CANARY,\n", 2,
        "the row has only one of client_id and client_secret; set both"
      ),
      (
        "name,client_id,client_secret\nacme,,CANARY\n", 2,
        "the row has only one of client_id and client_secret; set both"
      ),
      (
        "name,api_key,client_id,client_secret\nacme,CANARY,CANARY,CANARY\n", 2,
        "the row has both an api_key and a client; remove one of them"
      ),
      (
        "name,api_key\n\"acme,CANARY\n", 2,
        "a field begins here with a quote that is never closed; close it, or double it (\"\") if it is part of the text"
      ),
    ])
  func malformed(text: String, line: Int, reason: String) throws {
    #expect(throws: CredentialError.malformedFile(path: "keys.csv", line: line, reason: reason)) { try load(text) }
    #expect(!reason.contains("CANARY"))
  }

  @Test(
    "with a value that no header can carry is refused with its place, and without a word of it",
    arguments: [
      ("\"CANARY\nCANARY\"", "contains"), ("CANARYé", "contains"), ("CAN ARY", "contains"), ("env:BROKEN", "contains"),
      ("env:EMPTY", "is empty"), ("env:", "is not set"), ("env:UNSET", "UNSET is not set"),
    ])
  func unusable(value: String, says: String) throws {
    let error = try #require(throws: CredentialError.self) { try load("name,api_key\n\nacme,\(value)\n") }
    #expect("\(error)".contains("keys.csv line 3: the api_key"))
    #expect("\(error)".contains(says))
    #expect(!"\(error)".contains("CAN"))
    #expect(!error.isAboutAccess)
  }

  @Test("that is not there, or refers to a file that is not, is an access error")
  func missing() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("keys.csv")
    let sources = CredentialSources(credentialsFile: path, environment: [:])
    #expect(throws: CredentialError.cannotOpen(what: "the credentials file (--credentials)", path: path)) {
      try sources.load()
    }
    try folder.write("name,api_key\nacme,file:nothing\n", to: "keys.csv")
    let error = try #require(throws: CredentialError.self) { try sources.load() }
    #expect(error.isAboutAccess)
    #expect("\(error)" == "\(folder.path("nothing")): \(path) line 2: the api_key can't be opened")
  }

  @Test("stands beside the one key for all")
  func besideDefault() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("name,api_key\nacme,CANARY-1\n", to: "keys.csv")
    let credentials = try CredentialSources(credentialsFile: path, environment: ["JELOU_API_KEY": "CANARY-0"]).load()
    #expect(credentials["acme"]?.header.value == "CANARY-1")
    #expect(credentials[Credential.defaultName]?.header.value == "CANARY-0")
  }

  private static let secrets = "name,api_key\nacme,CANARY-1\n"
  private static let references = "name,api_key\nacme,env:ACME_KEY\nglobex,file:key\n"

  @Test(
    "warns of each file with a secret in it that others can read",
    arguments: [
      (secrets, 0o600, 0o600, []), (secrets, 0o644, 0o600, ["keys.csv"]), (references, 0o644, 0o600, []),
      (references, 0o600, 0o604, ["key"]), (references + "x,CANARY\n", 0o640, 0o644, ["key", "keys.csv"]),
      (references + "x,file:key\n", 0o600, 0o644, ["key"]), (secrets, 0o600, 0o644, []),
    ])
  func permissions(text: String, mode: Int, keyMode: Int, names: [String]) throws {
    let warnings = try load(Array(text.utf8), permissions: mode, keyPermissions: keyMode).warnings
    #expect(warnings.count == names.count)
    for (warning, name) in zip(warnings, names) {
      #expect(warning.hasSuffix("/\(name)") && !warning.contains("CANARY"))
    }
  }
}
