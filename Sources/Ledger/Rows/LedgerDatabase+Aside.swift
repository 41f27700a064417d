import GRDB
package import InventoryModel

extension LedgerDatabase {
  /// Stores answers of a run beside the database if the database does not accept them.
  ///
  /// - Throws: ``LedgerError`` if that fails too.
  package func setAside(
    _ answers: [CollectedAnswer], requests: Int, responses: Int, ofRun run: RunRecord
  ) throws(LedgerError) {
    try writing {
      guard let file else { throw LedgerError.damaged(path: path) }
      try AnswersAside(of: file).write(
        .init(answers: answers, requests: requests, responses: responses), of: run)
    }
  }

  /// Commits the answers that an earlier session of a run has set aside, and deletes their file.
  ///
  /// - Returns: the number of these answers.
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

  /// Deletes the answers that were set aside in a run that will not be resumed.
  package func discardAnswersAside() { file.map { AnswersAside(of: $0).remove() } }
}
