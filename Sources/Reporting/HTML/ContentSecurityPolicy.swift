import Foundation
import InventoryModel
import TextFormats

/// The page's Content Security Policy (Level 3). It allows the page's own style and script, and nothing else.
enum ContentSecurityPolicy {
  /// - Parameters:
  ///   - style: The whole text of the page's `style` element.
  ///   - script: The whole text of its `script` element.
  static func value(style: String, script: String) -> String {
    "default-src 'none'; style-src '\(hash(style))'; script-src '\(hash(script))'; base-uri 'none'; form-action 'none'"
  }

  private static func hash(_ text: String) -> String {
    "sha256-" + Data(Array(text.utf8).withUnsafeBytes(SHA256.hash)).base64EncodedString()
  }
}
