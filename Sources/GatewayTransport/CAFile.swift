import Files
import Gateway
import InventoryModel
import NIOSSL
import TextFormats

/// Why a file with additional trust roots can't be used.
package enum CAFileError: Error, CustomStringConvertible {
  case cannotOpen(path: String)
  case noCertificates(path: String)

  package var description: String {
    switch self {
    case .cannotOpen(let path):
      "\(Redaction.repeatable(pathToSecret: path) { FileStatus(path: $0) != nil }): "
        + "the CA file (--ca-file) can't be opened"
    case .noCertificates(let path): "\(path): the CA file (--ca-file) contains no PEM certificate"
    }
  }
}

enum CAFile {
  static func certificates(in path: String) throws(CAFileError) -> [NIOSSLCertificate] {
    let bytes: [UInt8]
    do {
      bytes = try InputFile.contents(of: path)
    } catch {
      throw .cannotOpen(path: path)
    }
    guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
      throw .noCertificates(path: path)
    }
    return certificates
  }
}
