/// Certificates for this machine, made with openssl in a folder of their own.
package struct Certificates: Sendable {
  /// A certificate that a server shows; each has its files `NAME.pem` and `NAME.key`.
  package enum Kind: String, Sendable {
    /// For localhost and 127.0.0.1, signed by our own authority.
    case good
    case expired
    case notYetValid = "not-yet-valid"
    case selfSigned = "self-signed"
    /// Signed by our own authority, for another host.
    case wrongHost = "wrong-host"
  }

  private static let configuration = """
    [ca]
    default_ca = own
    [own]
    database = FOLDER/index.txt
    serial = FOLDER/serial.txt
    new_certs_dir = FOLDER
    default_md = sha256
    unique_subject = no
    policy = any
    [any]
    commonName = supplied

    """

  package let folder: TemporaryFolder

  /// The root of our own authority.
  package var authority: String { folder.path("authority.pem") }

  package init(_ kinds: [Kind]) throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.configuration.replacing("FOLDER", with: folder.path), to: "ca.conf")
    try folder.write("01\n", to: "serial.txt")
    try folder.write("", to: "index.txt")
    let root = ["-x509", "-days", "2", "-out", folder.path("authority.pem")]
    try Self.openssl(["req"] + root + Self.key("authority", subject: "Gateway Tests Root", in: folder), in: folder)
    for kind in kinds { try Self.make(kind, in: folder) }
    self.folder = folder
  }

  private static func make(_ kind: Kind, in folder: TemporaryFolder) throws {
    let name = kind.rawValue
    let host = kind == .wrongHost ? "DNS:other.example" : "DNS:localhost,IP:127.0.0.1"
    let validity =
      switch kind {
      case .expired: ("20200101000000Z", "20210101000000Z")
      case .notYetValid: ("20980101000000Z", "20990101000000Z")
      case .good, .selfSigned, .wrongHost: ("20200101000000Z", "20990101000000Z")
      }
    let signer =
      kind == .selfSigned
      ? ["-selfsign", "-keyfile", folder.path("\(name).key")]
      : ["-cert", folder.path("authority.pem"), "-keyfile", folder.path("authority.key")]
    let request = folder.path("\(name).csr")
    let extensions = try folder.write("subjectAltName=\(host)\n", to: "\(name).ext")
    try openssl(["req", "-out", request] + key(name, subject: "gateway-test", in: folder), in: folder)
    try openssl(
      [
        "ca", "-batch", "-notext", "-config", folder.path("ca.conf"), "-extfile", extensions,
        "-startdate", validity.0, "-enddate", validity.1, "-in", request, "-out", folder.path("\(name).pem"),
      ] + signer, in: folder)
  }

  /// The arguments for a new key and its owner.
  private static func key(_ name: String, subject: String, in folder: TemporaryFolder) -> [String] {
    [
      "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(subject)",
      "-keyout", folder.path("\(name).key"),
    ]
  }

  private static func openssl(_ arguments: [String], in folder: TemporaryFolder) throws {
    let log = folder.path("openssl.log")
    let status = try ChildProcess("openssl", of: "openssl", arguments, log: log).wait()
    guard status == 0 else {
      throw ProgramFailure(description: "openssl \(arguments.joined(separator: " ")) failed:\n\(try text(of: log))")
    }
  }
}
