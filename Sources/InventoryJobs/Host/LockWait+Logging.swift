import InventoryModel
import Ledger
import TextFormats

extension LockWait {
  /// Logs waits for a database that another program has locked.
  ///
  /// - Parameters:
  ///   - asks: whether the command sends requests, which also have to wait.
  ///   - isEnding: whether the command has been asked to end.
  convenience init(
    host: any JobHost, asks: Bool = false, isEnding: @escaping @Sendable () -> Bool = { false }
  ) {
    self.init(isEnding: isEnding) { event in
      switch event {
      case .began(let path):
        let consequence = asks ? "no requests are sent until it is unlocked" : "waiting until it is unlocked"
        host.warning("\(path.visible): another program has locked the database; \(consequence)")
      case .ended(let path):
        host.notice("\(path.visible): the database is unlocked again")
      }
    }
  }
}
