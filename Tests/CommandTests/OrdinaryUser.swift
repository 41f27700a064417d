import Foundation
import Glibc
import Testing

/// The user as whom the program is driven: root is stopped by no permission, and hides what stops everybody else.
enum OrdinaryUser {
  /// Made by `Tests/run.sh`.
  private static let name = "jelou-tester"

  struct Account: Sendable {
    var user: uid_t
    var group: gid_t
  }

  struct Missing: Error, CustomStringConvertible {
    var description: String { "There is no user \(name) on this machine; Tests/run.sh makes it." }
  }

  /// nil where the tests themselves are run by an ordinary user.
  static var account: Account? {
    get throws {
      guard getuid() == 0 else { return nil }
      guard let entry = getpwnam(name) else { throw Missing() }
      return Account(user: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
    }
  }

  /// What a command begins with that this user is to run.
  static var command: [String] {
    get throws { try account.map { command(as: $0) } ?? [] }
  }

  static func command(as account: Account) -> [String] {
    ["/usr/bin/setpriv", "--reuid=\(account.user)", "--regid=\(account.group)", "--clear-groups", "--"]
  }

  /// Gives the user a folder and what a test has put there, other file systems included. What can't be given away stays
  /// as it is: read-only file systems.
  static func own(_ path: String) throws {
    guard let account = try account else { return }
    // Of a link itself, not of what it leads to. Another program at work there may have removed it meanwhile.
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return }
    if attributes[.ownerAccountID] as? Int == 0 { _ = lchown(path, account.user, account.group) }
    guard attributes[.type] as? FileAttributeType == .typeDirectory else { return }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names { try own("\(path)/\(name)") }
  }
}
