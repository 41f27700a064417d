import FoundationEssentials
import InventoryModel

/// Webhook URLs as they may be kept.
enum WebhookURL {
  /// The URL with its userinfo and the values of secret-looking query parameters masked, else as it is.
  static func masked(_ url: String) -> String {
    // Most have nothing to mask, and this runs for every project.
    guard url.utf8.contains(where: { "@?#".utf8.contains($0) }) else { return url }
    // Scalar by scalar: as a Character, a mark of syntax and the accent that follows it are one.
    var rest = url.unicodeScalars[...]
    var result = String.UnicodeScalarView()
    let scheme = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if scheme.isEmpty || scheme.last == ":", rest[scheme.endIndex...].starts(with: "//".unicodeScalars) {
      let start = rest.index(scheme.endIndex, offsetBy: 2)
      let authority = rest[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "\\" }
      result += rest[..<start]
      if let at = authority.lastIndex(of: "@") {
        result += Redaction.mask.unicodeScalars
        result += authority[at...]
      } else {
        result += authority
      }
      rest = rest[authority.endIndex...]
    }
    let path = rest.prefix { $0 != "?" && $0 != "#" }
    result += path
    rest = rest[path.endIndex...]
    while let mark = rest.popFirst() {
      result.append(mark)
      let parameter = rest.prefix { $0 != "&" && $0 != ";" && $0 != "#" && $0 != "?" }
      result += masked(parameter)
      rest = rest[parameter.endIndex...]
    }
    return String(result)
  }

  /// A name and its value, which goes when the name says that it is a secret, or can't be read.
  private static func masked(_ parameter: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
    guard let equals = parameter.firstIndex(of: "=") else { return parameter }
    let name = PercentEncoding.decode(Substring(parameter[..<equals]))
    guard name.map({ Redaction.isSecretName($0) }) ?? true else { return parameter }
    return (parameter[...equals] + Redaction.mask.unicodeScalars)[...]
  }

  /// The URL's host in lower case, without port; nil when it has none. A name in another script is in its ASCII form
  /// (RFC 5890), in which no letter looks like another.
  static func host(of url: String) -> String? {
    guard let host = URLComponents(string: url)?.encodedHost?.lowercased(), !host.isEmpty else { return nil }
    return host
  }
}
