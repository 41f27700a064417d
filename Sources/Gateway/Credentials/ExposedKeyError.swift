/// A key is in a place where it would be written or shown and can't be masked. Never contains the key.
package struct ExposedKeyError: Error, Hashable, CustomStringConvertible {
  /// The place that contains the key: `--output`, `projects.csv line 3: the project ID`.
  let place: String
  /// The probable mistake, or how to correct it.
  let advice: String

  package var description: String { "\(place) contains a key; \(advice)" }
}

/// The only place that decides how to treat external text that contains a known key.
///
/// Text that the program only passes on is masked: cells and column names of the list, the gateway's responses, and
/// messages. The run ends if a masked text would mean something else: another project, another credential or another
/// file.
extension SecretMask {
  /// - Parameters:
  ///   - text: an option's value, a path or the like.
  ///   - place: the name of the place, e.g. `--output`.
  package func refuse(_ text: String, in place: @autoclosure () -> String) throws(ExposedKeyError) {
    guard !contains(keyIn: text) else {
      throw ExposedKeyError(place: place(), advice: "keep keys only in files or environment variables")
    }
  }

  package func refuse(projectID: String, in place: @autoclosure () -> String) throws(ExposedKeyError) {
    guard !contains(keyIn: projectID) else {
      throw ExposedKeyError(place: "\(place()): the project ID", advice: "check --id-column")
    }
  }

  /// - Parameter name: the name of a credential, as written in the list or the credentials file.
  package func refuse(credentialName name: String, in place: @autoclosure () -> String) throws(ExposedKeyError) {
    guard !contains(keyIn: name), !isSecret(name) else {
      throw ExposedKeyError(
        place: "\(place()): the credential's name",
        advice: "names appear in reports and logs, so choose one without a key")
    }
  }
}
