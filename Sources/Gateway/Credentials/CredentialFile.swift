import DelimitedText
import Files
import InventoryModel
import TextFormats

/// A CSV file of credentials: `name,api_key` or `name,client_id,client_secret`, or both kinds in one file.
///
/// A value may refer to a secret that is stored elsewhere: `env:VAR`, or `file:PATH` (relative to the credentials
/// file's folder).
struct CredentialFile {
  let rows: [Row]
  /// The files that contain the secrets: this one, those it refers to, or both.
  let filesWithSecrets: [String]

  struct Row {
    let line: Int
    let credential: Credential

    /// - Parameter mask: a mask of all secrets, because the name may contain the key of another credential.
    func check(by mask: SecretMask, path: String) throws(CredentialError) {
      do {
        try mask.refuse(credentialName: credential.name, in: "\(path) line \(line)")
      } catch {
        throw .keyFound(error)
      }
    }
  }

  init(path: String, environment: [String: String]) throws(CredentialError) {
    let records = try Self.records(of: path)
    guard let header = records.first else {
      throw .malformedFile(path: path, line: 1, reason: "the file is empty; begin it with the header name,api_key")
    }
    var table = Table(path: path, environment: environment, header: header.fields.map { $0.lowercased() })
    guard table.column("name") != nil,
      table.column("api_key") != nil || (table.column("client_id") != nil && table.column("client_secret") != nil)
    else {
      throw .malformedFile(
        path: path, line: header.line, reason: "the header must be name,api_key or name,client_id,client_secret")
    }
    var rows: [Row] = []
    for record in records.dropFirst() {
      rows.append(Row(line: record.line, credential: try table.credential(of: record)))
    }
    guard !rows.isEmpty else {
      throw .malformedFile(
        path: path, line: header.line, reason: "the file has a header but no credentials; add one row per credential")
    }
    self.rows = rows
    filesWithSecrets = table.filesWithSecrets
  }

  private static func records(of path: String) throws(CredentialError) -> [DelimitedRecord] {
    let bytes: [UInt8]
    do {
      bytes = try InputFile.contents(of: path)
    } catch {
      throw .cannotOpen(what: "the credentials file (--credentials)", path: path)
    }
    let encoding = TextEncoding.byteOrderMark(of: bytes) ?? (.utf8, 0)
    let header = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    let delimiter = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }.first(where: header.contains) ?? UInt8(ascii: ",")
    var reader = DelimitedReader(
      TranscodedBytes(BytesInMemory(bytes), encoding: encoding.encoding, markLength: encoding.length),
      delimiter: delimiter)
    var records: [DelimitedRecord] = []
    do {
      while let record = try reader.next() {
        if !record.isBlank { records.append(record) }
      }
    } catch DelimitedTextError.undecodable(let line, _) {
      throw .malformedFile(
        path: path, line: line, reason: "the line contains a byte that is not valid UTF-8; save the file as UTF-8")
    } catch let error as DelimitedTextError {
      throw .malformedFile(path: path, line: error.line, reason: error.reason)
    } catch {
      throw .cannotOpen(what: "the credentials file (--credentials)", path: path)
    }
    return records
  }

  /// Converts rows into credentials with unique names. Messages never repeat a cell, because any cell may be a key in
  /// the wrong column.
  private struct Table {
    let path: String
    let environment: [String: String]
    let header: [String]
    var names: Set<ExactText> = []
    var filesWithSecrets: [String] = []

    init(path: String, environment: [String: String], header: [String]) {
      self.path = path
      self.environment = environment
      self.header = header
    }

    func column(_ name: String) -> Int? { header.firstIndex { $0.trimmingSpace().isExactly(name) } }

    mutating func credential(of record: DelimitedRecord) throws(CredentialError) -> Credential {
      func cell(_ name: String) -> String {
        guard let column = column(name), column < record.fields.count else { return "" }
        return record.fields[column].trimmingSpace()
      }
      func malformed(_ reason: String) -> CredentialError {
        .malformedFile(path: path, line: record.line, reason: reason)
      }
      guard record.fields.dropFirst(header.count).allSatisfy(\.isEmpty) else {
        throw malformed("the row has more cells than the header; quote cells that contain a comma")
      }
      let name = cell("name")
      guard !name.isEmpty else { throw malformed("the name is empty; add one") }
      guard name.unicodeScalars.count < ValueLimit.nameLength else {
        throw malformed("the name has \(ValueLimit.nameLength) characters or more; choose a shorter one")
      }
      guard !name.isExactly(Credential.defaultName) else {
        throw malformed("the name default is reserved for the key of JELOU_API_KEY or --api-key-file; choose another")
      }
      guard names.insert(ExactText(name)).inserted else {
        throw malformed("another row has the same name; choose another")
      }
      let (key, id, secret) = (cell("api_key"), cell("client_id"), cell("client_secret"))
      guard !Redaction.mayBeKey(name) || !(key + secret).unicodeScalars.allSatisfy(\.properties.isAlphabetic) else {
        throw malformed("the name looks like a key, and the key like a name; check the order of the columns")
      }
      let place = "\(path) line \(record.line): "
      if !key.isEmpty {
        guard id.isEmpty, secret.isEmpty else {
          throw malformed("the row has both an api_key and a client; remove one of them")
        }
        return .apiKey(try value(key, what: place + "the api_key"), name: name)
      }
      guard !id.isEmpty || !secret.isEmpty else {
        throw malformed("the row has no key; add an api_key, or a client_id and a client_secret")
      }
      guard !id.isEmpty, !secret.isEmpty else {
        throw malformed("the row has only one of client_id and client_secret; set both")
      }
      return .basic(
        clientID: try value(id, what: place + "the client_id", isClientID: true),
        clientSecret: try value(secret, what: place + "the client_secret"), name: name)
    }

    private mutating func value(
      _ cell: String, what: String, isClientID: Bool = false
    ) throws(CredentialError) -> String {
      if let variable = cell.removing(prefix: "env:") {
        guard let value = environment[variable] else { throw .variableNotSet(what: what, variable: variable) }
        return try SecretValue.checked(value, what: what, isClientID: isClientID)
      }
      if let file = cell.removing(prefix: "file:") {
        let file = PathParts.isAbsolute(file) ? file : folder + file
        noteSecret(in: file)
        return try SecretValue.fromFile(file, what: what)
      }
      noteSecret(in: path)
      return try SecretValue.checked(cell, what: what, isClientID: isClientID)
    }

    private mutating func noteSecret(in file: String) {
      if !filesWithSecrets.contains(where: file.isExactly) { filesWithSecrets.append(file) }
    }

    private var folder: String { PathParts.folder(of: path).map { $0 == "/" ? $0 : $0 + "/" } ?? "" }
  }
}

extension String {
  fileprivate func removing(prefix: String) -> String? {
    utf8.starts(with: prefix.utf8) ? String(unicodeScalars.dropFirst(prefix.unicodeScalars.count)) : nil
  }
}
