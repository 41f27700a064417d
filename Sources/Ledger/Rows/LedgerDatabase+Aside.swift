import GRDB
package import InventoryModel

extension LedgerDatabase {
  /// Keeps answers of a run beside the database, which does not take them.
  ///
  /// - Throws: ``LedgerError`` where that is not possible either.
  package func setAside(
    _ answers: [CollectedAnswer], requests: Int, responses: Int, ofRun run: RunRecord
  ) throws(LedgerError) {
    try writing {
      guard let file else { throw LedgerError.damaged(path: path) }
      try AnswersAside(of: file).write(
        .init(answers: answers, requests: requests, responses: responses), of: run)
    }
  }

  /// Commits what was set aside in an earlier session of a run, and removes it there.
  ///
  /// - Returns: how many answers these were.
  package func takeInAnswers(ofRun run: RunRecord) throws(LedgerError) -> Int {
    guard let file else { return 0 }
    let aside = AnswersAside(of: file)
    guard let contents = aside.contents(of: run) else {
      aside.remove()
      return 0
    }
    try writing {
      try pool.write { db in
        try Self.write(
          contents.answers, requests: contents.requests, responses: contents.responses, toRun: run.id, in: db)
      }
    }
    aside.remove()
    return contents.answers.count
  }

  /// Removes what was set aside in a run that does not go on.
  package func discardAnswersAside() { file.map { AnswersAside(of: $0).remove() } }
}
