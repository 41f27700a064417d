import FoundationEssentials
import InventoryModel

/// Webhook URLs as they may be kept.
enum WebhookURL {
  /// The URL with its userinfo and the values of secret-looking query parameters masked, else as it is.
  static func masked(_ url: String) -> String {
    var text = url[...]
    var result = ""
    if let scheme = text.firstRange(of: "://") {
      let authorityEnd =
        text[scheme.upperBound...].firstIndex { $0 == "/" || $0 == "?" || $0 == "#" || $0 == "\\" } ?? text.endIndex
      let authority = text[scheme.upperBound..<authorityEnd]
      result += text[..<scheme.upperBound]
      if let at = authority.lastIndex(of: "@") {
        result += Redaction.mask
        result += authority[at...]
      } else {
        result += authority
      }
      text = text[authorityEnd...]
    }
    guard let mark = text.firstIndex(where: { $0 == "?" || $0 == "#" }) else { return result + text }
    result += text[...mark]
    var parameter = Substring()
    func masked(_ parameter: Substring) -> String {
      guard let equals = parameter.firstIndex(of: "=") else { return String(parameter) }
      let name = parameter[..<equals]
      guard Redaction.isSecretName(PercentEncoding.decode(name) ?? String(name)) else { return String(parameter) }
      return parameter[...equals] + Redaction.mask
    }
    for character in text[text.index(after: mark)...] {
      if character == "&" || character == ";" || character == "#" || character == "?" {
        result += masked(parameter)
        result.append(character)
        parameter = Substring()
      } else {
        parameter.append(character)
      }
    }
    return result + masked(parameter)
  }

  /// The URL's host in lower case, without port; nil when it has none.
  static func host(of url: String) -> String? {
    guard let host = URLComponents(string: url)?.host?.lowercased(), !host.isEmpty else { return nil }
    return host
  }
}
