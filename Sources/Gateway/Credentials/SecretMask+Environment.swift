import FoundationEssentials
import InventoryModel
import TextFormats

extension SecretMask {
  /// Masks the secrets in the environment, whether or not a run uses them: the API key, the client secret and the proxy
  /// password.
  package init(environment: [String: String]) {
    let (id, key, secret) = (
      SecretValue.trimmed(environment["JELOU_CLIENT_ID"] ?? ""),
      SecretValue.trimmed(environment["JELOU_API_KEY"] ?? ""),
      SecretValue.trimmed(environment["JELOU_CLIENT_SECRET"] ?? "")
    )
    var secrets = [key, secret]
    if !secret.isEmpty { secrets.append(Self.basicToken(user: id, password: secret)) }
    for variable in ["HTTPS_PROXY", "https_proxy"] { secrets += Self.secrets(ofProxy: environment[variable] ?? "") }
    self.init(secrets.flatMap(Self.forms).map { Array($0.utf8) })
  }

  /// The password before the last `@` of the authority: as written, decoded, and as sent to the proxy.
  private static func secrets(ofProxy url: String) -> [String] {
    let scheme = url.firstRange(of: "://")?.upperBound ?? url.startIndex
    let authority = url[scheme...].unicodeScalars.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else { return [] }
    let user = String(authority[..<colon])
    let password = String(authority[authority.index(after: colon)..<at])
    let decoded = PercentEncoding.decode(password[...]) ?? password
    return [password, decoded, basicToken(user: PercentEncoding.decode(user[...]) ?? user, password: decoded)]
  }

  /// The token after `Basic` in a header (RFC 7617 §2).
  static func basicToken(user: String, password: String) -> String {
    Data((user + ":" + password).utf8).base64EncodedString()
  }

  /// The secret itself, and in both Base64 alphabets (RFC 4648 §4 and §5) without padding.
  static func forms(of secret: String) -> [String] {
    let base64 = String(Data(secret.utf8).base64EncodedString().prefix { $0 != "=" })
    return [secret, base64, base64.replacing("+", with: "-").replacing("/", with: "_")]
  }
}
