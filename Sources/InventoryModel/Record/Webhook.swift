import TextFormats

/// A webhook's URL, parsed once. The audit, the host column, and the links in reports use this value.
package struct Webhook: Hashable, Sendable {
  package enum Scheme: Sendable {
    case http, https
  }

  /// Why the gateway can't send events to a webhook.
  package enum Fault: Sendable {
    /// The URL's scheme is neither http nor https.
    case scheme
    case host
    /// The URL was too long and was cut.
    case length
    /// The URL has spaces, control characters or backslashes.
    case characters
  }

  /// The URL as it is stored: secrets are masked, and a URL that is too long is cut.
  package let url: String
  /// nil unless the URL begins with `http://` or `https://`, in any case.
  package let scheme: Scheme?
  /// The host, as in ``WebAddress/host``; nil if the URL is not an absolute URL with a host.
  package let host: String?

  /// - Parameter text: The URL as received.
  package init(_ text: String) {
    self.init(kept: Self.masked(text).bounded, host: WebAddress.host(ofURL: text)?.bounded)
  }

  /// - Parameters:
  ///   - url: The ``url`` of an earlier ``Webhook``.
  ///   - host: The ``host`` of the same webhook.
  package init(kept url: String, host: String?) {
    self.url = url
    self.host = host
    scheme = Self.scheme(of: url)
  }

  /// The first fault; nil when there is none.
  package var fault: Fault? {
    if scheme == nil { return .scheme }
    if host == nil { return .host }
    if url.isOverLong { return .length }
    return url.allBytes { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") } ? nil : .characters
  }

  /// The places of secrets in the URL, masked or not: `userinfo`, then the names of parameters in URL order.
  package var secretPlaces: [String] { Self.mask(url).places }

  /// Whether a report may link to the URL: it is http or https and contains nothing invisible.
  package var isLink: Bool { scheme != nil && url.allBytes { (0x21...0x7E).contains($0) } }

  /// The part between the scheme and the path, the query, or the fragment.
  package var authority: Substring {
    let bytes = url.utf8
    guard scheme != nil, let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return "" }
    let rest = bytes[bytes.index(colon, offsetBy: 3)...]
    return Substring(rest.prefix { !"/?#".utf8.contains($0) })
  }

  /// Returns the text with its userinfo and the values of secret-looking parameters masked, if it is a URL or a
  /// reference to one.
  package static func masked(_ text: String) -> String { mask(text).masked }

  private static func scheme(of url: String) -> Scheme? {
    let start = url.prefix(8).lowercased()
    if start.hasPrefix("https://") { return .https }
    return start.hasPrefix("http://") ? .http : nil
  }

  private static func mask(_ text: String) -> (masked: String, places: [String]) {
    // Most URLs have nothing to mask.
    if text.allBytes({ $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }) {
      return (text, [])
    }
    var places: [String] = []
    // Works on bytes, because a delimiter and a combining accent after it form one Character.
    var rest = text.utf8[...]
    var result: [UInt8] = []
    let scheme = rest.prefix { !"/?#".utf8.contains($0) }
    if scheme.isEmpty || scheme.last == UInt8(ascii: ":"), rest[scheme.endIndex...].starts(with: "//".utf8) {
      let start = rest.index(scheme.endIndex, offsetBy: 2)
      let authority = rest[start...].prefix { !"/?#\\".utf8.contains($0) }
      result += rest[..<start]
      if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
        result += Redaction.mask.utf8
        result += authority[at...]
        places.append("userinfo")
      } else {
        result += authority
      }
      rest = rest[authority.endIndex...]
    }
    let path = rest.prefix { !"?#".utf8.contains($0) }
    result += path
    rest = rest[path.endIndex...]
    while let mark = rest.popFirst() {
      result.append(mark)
      let parameter = rest.prefix { !"&;#?".utf8.contains($0) }
      if let name = secretName(of: parameter) {
        result += name.utf8
        result += "=\(Redaction.mask)".utf8
        places.append(String(name))
      } else {
        result += parameter
      }
      rest = rest[parameter.endIndex...]
    }
    return (String(decoding: result, as: UTF8.self), places)
  }

  /// Returns a parameter's name as written if the name indicates a secret or can't be decoded; nil otherwise, or if
  /// there is no value.
  private static func secretName(of parameter: Substring.UTF8View) -> Substring? {
    guard let equals = parameter.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    let written = Substring(parameter[..<equals])
    return PercentEncoding.decode(written).map({ Redaction.isSecretName($0) }) ?? true ? written : nil
  }
}

extension Integration {
  package var webhook: Webhook { Webhook(kept: webhookURL, host: webhookHost) }
}

extension String {
  /// Whether all UTF-8 bytes meet a condition.
  fileprivate func allBytes(_ isMet: (UInt8) -> Bool) -> Bool {
    var copy = self
    return copy.withUTF8 { $0.allSatisfy(isMet) }
  }
}
