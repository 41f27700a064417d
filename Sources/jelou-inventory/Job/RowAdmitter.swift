import Gateway
import InventoryModel
import ProjectList

/// Decides how each row of the list enters the ledger, and remembers what looked wrong.
struct RowAdmitter {
  private static let linesShown = 5

  let credentials: Credentials
  private var doubts: [ProjectIDCheck.Doubt: (count: Int, lines: [Int])] = [:]

  init(credentials: Credentials) {
    self.credentials = credentials
  }

  mutating func admission(of row: ListRow) -> RowAdmission {
    let name = row.credential ?? (credentials[Credential.defaultName] == nil ? nil : Credential.defaultName)
    if let refusal = ProjectIDCheck.refusal(of: row.projectID) {
      return .refused(.invalidID, refusal, credential: name)
    }
    if let doubt = ProjectIDCheck.doubt(about: row.projectID) {
      doubts[doubt, default: (0, [])].count += 1
      if doubts[doubt, default: (0, [])].lines.count < Self.linesShown { doubts[doubt]?.lines.append(row.line) }
    }
    guard let name else {
      return .refused(
        .skipped, RowError(.credentialUnknown, "The row names no credential, and there is no one key for all."),
        credential: nil)
    }
    guard credentials[name] != nil else {
      return .refused(
        .skipped, RowError(.credentialUnknown, "There is no credential named \(name)."), credential: name)
    }
    return .pending(credential: name)
  }

  /// What a user should know about the list.
  func warnings(list path: String) -> [String] {
    ProjectIDCheck.Doubt.allCases.compactMap { doubt in
      guard let (count, lines) = doubts[doubt] else { return nil }
      let places =
        "\(count == 1 ? "line" : "lines") \(lines.map(String.init).joined(separator: ", "))"
        + (count > lines.count ? " and \(count - lines.count) more" : "")
      return switch doubt {
      case .invisibleCharacter:
        "\(path) \(places): the ID contains a character that can't be seen; it is sent as it is"
      case .spreadsheetNumber:
        "\(path) \(places): the ID looks like a number that a spreadsheet has shortened; it is sent as it is"
      }
    }
  }
}
