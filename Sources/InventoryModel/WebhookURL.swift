/// Webhook URLs as they may be kept.
package enum WebhookURL {
  /// The URL with its userinfo and the values of secret-looking query parameters masked, else as it is.
  package static func masked(_ url: String) -> String { scan(url).masked }

  /// Where a URL holds secrets, masked or not: `userinfo`, then the names of parameters in their order.
  package static func secretPlaces(in url: String) -> [String] { scan(url).places }

  private static func scan(_ url: String) -> (masked: String, places: [String]) {
    // Most have nothing to mask, and this runs for every project.
    guard mayHaveSecret(url) else { return (url, []) }
    var places: [String] = []
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
        places.append("userinfo")
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
      if let name = secretName(of: parameter) {
        result += name
        result += "=\(Redaction.mask)".unicodeScalars
        places.append(String(name))
      } else {
        result += parameter
      }
      rest = rest[parameter.endIndex...]
    }
    return (String(result), places)
  }

  private static func mayHaveSecret(_ url: String) -> Bool {
    var url = url
    return url.withUTF8 { bytes in
      bytes.contains { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
    }
  }

  /// A parameter's name as written, when it says that the value is a secret, or can't be read; nil when it has no value.
  private static func secretName(of parameter: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView? {
    guard let equals = parameter.firstIndex(of: "=") else { return nil }
    let name = PercentEncoding.decode(Substring(parameter[..<equals]))
    return name.map({ Redaction.isSecretName($0) }) ?? true ? parameter[..<equals] : nil
  }
}
