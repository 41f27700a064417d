/// One of the keys stands where it would be written or shown, and where it can't be masked. Never holds the key.
package struct ExposedKeyError: Error, Hashable, CustomStringConvertible {
  /// What contains it: `--output`, `projects.csv line 3: the project ID`.
  let place: String
  /// What may be wrong.
  let advice: String

  package var description: String { "\(place) contains one of the keys; \(advice)" }
}

/// The one place that decides what happens to a text from outside that contains a known key.
///
/// Texts that only pass through are masked: cells and names of the list's columns, whatever the gateway answers, and
/// messages. The run ends where a masked text would mean something else: another project, another credential or another
/// file.
extension SecretMask {
  /// - Parameters:
  ///   - text: an option's value, a path or the like.
  ///   - place: names it, e.g. `--output`.
  package func refuse(_ text: String, in place: @autoclosure () -> String) throws(ExposedKeyError) {
    guard !contains(keyIn: text) else {
      throw ExposedKeyError(place: place(), advice: "keep keys in a file or in a variable, and nowhere else")
    }
  }

  package func refuse(projectID: String, in place: @autoclosure () -> String) throws(ExposedKeyError) {
    guard !contains(keyIn: projectID) else {
      throw ExposedKeyError(place: "\(place()): the project ID", advice: "is --id-column the right one?")
    }
  }

  /// - Parameter name: of a credential, as the list or the credentials file has it.
  package func refuse(credentialName name: String, in place: @autoclosure () -> String) throws(ExposedKeyError) {
    guard !contains(keyIn: name), !isSecret(name) else {
      throw ExposedKeyError(
        place: "\(place()): the credential's name", advice: "names are shown everywhere, so choose one without a key")
    }
  }
}
