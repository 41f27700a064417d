import FoundationEssentials

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

  /// The URL's host in lower case, without port; nil when it has none. A name in another script is in its ASCII form
  /// (RFC 5890), in which no letter looks like another.
  package static func host(of url: String) -> String? {
    if let host = plainHost(of: url) { return host }
    guard let host = URLComponents(string: url)?.encodedHost?.lowercased(), !host.isEmpty else { return nil }
    return host
  }

  /// The host of a URL such as nearly all are, `https://host.example/path` without anything to decode or to tell apart;
  /// nil for others. Read for every project, and URL parsing takes its time.
  private static func plainHost(of url: String) -> String? {
    var url = url
    return url.withUTF8 { bytes in
      let scheme = "https://".utf8
      guard bytes.starts(with: scheme) else { return nil }
      let rest = bytes[scheme.count...]
      let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
      guard end > rest.startIndex,
        rest[..<end].allSatisfy({ isLowerCase($0) || isDigit($0) || $0 == dot || $0 == dash }),
        rest[end...].allSatisfy({
          isLowerCase($0 | 0x20) || isDigit($0) || $0 == dot || $0 == dash || $0 == UInt8(ascii: "/")
            || $0 == UInt8(ascii: "_")
        })
      else { return nil }
      return String(decoding: UnsafeBufferPointer(rebasing: rest[..<end]), as: UTF8.self)
    }
  }

  private static let dot = UInt8(ascii: ".")
  private static let dash = UInt8(ascii: "-")

  private static func isLowerCase(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
