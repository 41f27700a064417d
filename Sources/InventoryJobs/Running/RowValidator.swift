import Gateway
import InventoryModel
import ProjectList
import TextFormats

/// Decides how each row of the list is stored in the ledger, and records what looks wrong.
struct RowValidator {
  private static let linesShown = 5

  let credentials: Credentials
  /// Name of the list, as shown in messages.
  let list: String
  /// Name of the ID column; nil if the list has no header.
  private let idColumn: String?
  /// Whether the cells of the list's other columns are stored.
  let keepsCells: Bool
  private let nameOfDefault: String?
  /// The last credential name that was found. Most rows name the same credential as the previous row.
  private var lastKnown: ExactText?
  /// Digest of all rows so far, as they are in the list.
  private(set) var digest: ListDigest
  /// Number of rows so far.
  private(set) var rows = 0
  /// For each kind of doubt: how many IDs look wrong, and the first of their lines.
  private(set) var doubts: [ProjectIDCheck.Doubt: Sample<Int>] = [:]
  /// Rows that name an unknown credential that may be a key: their number and the first of their lines.
  private var suspectedKeys = Sample<Int>()

  init(credentials: Credentials, list: ProjectListReader, keepsCells: Bool = true) {
    self.keepsCells = keepsCells
    self.credentials = credentials
    nameOfDefault = credentials.nameOfDefault
    self.list = list.path
    idColumn = list.hasHeader ? list.idColumnName : nil
    digest = ListDigest(inputColumns: list.inputColumns)
  }

  /// Adds a row to the digest and checks it for keys. This is all that is done for rows that are not stored.
  ///
  /// - Throws: `ExposedKeyError` if an ID or a credential's name contains a key.
  mutating func note(_ row: ListRow) throws(ExposedKeyError) {
    digest.add(row)
    rows += 1
    try credentials.mask.refuse(projectID: row.projectID, in: "\(list) line \(row.line)")
    if let name = row.credential, lastKnown != ExactText(name) {
      try credentials.mask.refuse(credentialName: name, in: "\(list) line \(row.line)")
    }
  }

  /// Returns the row as it may be stored, and how to store it.
  ///
  /// - Throws: the same errors as ``note(_:)``.
  mutating func validate(_ row: consuming ListRow) throws(ExposedKeyError) -> (ListRow, RowValidation) {
    try note(row)
    if keepsCells {
      credentials.mask.mask(&row.input)
    } else {
      row.input = []
    }
    let admission = admission(of: row)
    return (row, admission)
  }

  private mutating func admission(of row: ListRow) -> RowValidation {
    // No credential name is longer than this.
    let name = row.credential?.clipped(to: ValueLimit.nameLength) ?? nameOfDefault
    if let refusal = ProjectIDCheck.refusal(of: row.projectID) {
      return .refused(.invalidID, refusal, credential: name)
    }
    if let doubt = ProjectIDCheck.doubt(about: row.projectID, column: idColumn, isRestored: row.isRestored) {
      doubts[doubt, default: Sample()].add(row.line, limit: Self.linesShown)
    }
    guard let name else {
      return .refused(.skipped, .noCredential, credential: nil)
    }
    guard isKnown(name) else {
      let name = Redaction.repeatable(name)
      if name == Redaction.mask { suspectedKeys.add(row.line, limit: Self.linesShown) }
      return .refused(
        .skipped, RowError(.credentialUnknown, "There is no credential named \(name)."), credential: name)
    }
    return .pending(credential: name)
  }

  private mutating func isKnown(_ name: String) -> Bool {
    let exactName = ExactText(name)
    if exactName == lastKnown { return true }
    guard credentials[name] != nil else { return false }
    lastKnown = exactName
    return true
  }

  /// Warnings about IDs and credentials, for the user.
  var warnings: [String] {
    let doubts = ProjectIDCheck.Doubt.allCases.compactMap { doubt in
      self.doubts[doubt].map { "\(list) \($0.inWords): \(doubt.description); it is requested unchanged" }
    }
    guard suspectedKeys.count > 0 else { return doubts }
    return doubts + [
      "\(list) \(suspectedKeys.inWords): the credential is unknown and may be a key; it is stored as \(Redaction.mask)"
    ]
  }
}
