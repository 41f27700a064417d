import Foundation
import InventoryModel
import TextFormats

/// What a page may do (Content Security Policy Level 3): use its own style and its own script, and nothing else.
enum ContentSecurityPolicy {
  /// - Parameters:
  ///   - style: the whole text of the page's `style` element.
  ///   - script: the same of its `script` element.
  static func value(style: String, script: String) -> String {
    "default-src 'none'; style-src '\(hash(style))'; script-src '\(hash(script))'; base-uri 'none'; form-action 'none'"
  }

  private static func hash(_ text: String) -> String {
    "sha256-" + Data(Array(text.utf8).withUnsafeBytes(SHA256.hash)).base64EncodedString()
  }
}
