import InventoryModel
import TextFormats

extension Redaction {
  /// A text with its URLs masked as by ``Webhook/masked(_:)``, and everything masked that follows a secret's name
  /// (`key=…`, `"token": "…"`) or type (`Bearer …`).
  ///
  /// One pass over the bytes: the text comes from outside, and may be as long as a body.
  static func maskedProse(_ text: String) -> String {
    guard text.utf8.contains(where: { ":= ".utf8.contains($0) }) else { return text }
    var scanner = ProseScanner()
    for byte in text.utf8 { scanner.pass(byte) }
    scanner.endWord()
    return String(decoding: scanner.masked, as: UTF8.self)
  }
}

/// Scans a text word by word and masks words that are URLs or secrets.
private struct ProseScanner {
  /// Bytes that the name before a value may have.
  private static let longestName = 64
  private static let separators = Set(" \t\r\n\"'<>,;&{}[]()".utf8)
  private static let kinds = ["bearer", "basic"]

  private(set) var masked: [UInt8] = []
  private var word: [UInt8] = []
  /// Whether the word contains `://`.
  private var isURL = false
  /// Whether the next word is the value after a secret's name.
  private var expectsValue = false
  /// The last word; empty if it was too long for a name.
  private var lastWord = ""

  mutating func pass(_ byte: UInt8) {
    if Self.separators.contains(byte), !(isURL && ",;&()".utf8.contains(byte)) {
      endWord()
      masked.append(byte)
    } else if byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":"), !isURL {
      let name = word.isEmpty ? lastWord : Self.name(word)
      word.append(byte)
      guard Redaction.isSecretName(name) else { return }
      masked += word
      word = []
      expectsValue = true
    } else {
      word.append(byte)
      if byte == UInt8(ascii: "/"), word.suffix(3).elementsEqual("://".utf8) { isURL = true }
    }
  }

  mutating func endWord() {
    guard !word.isEmpty else { return }
    let name = Self.name(word)
    if expectsValue, Self.kinds.contains(name.lowercased()) {
      masked += word
    } else if expectsValue || isToken {
      masked += Redaction.mask.utf8
      expectsValue = false
    } else if isURL {
      masked += Webhook.masked(String(decoding: word, as: UTF8.self)).utf8
    } else {
      masked += word
    }
    lastWord = name
    word = []
    isURL = false
  }

  /// Whether the word is a token after `Bearer` or `Basic`.
  private var isToken: Bool {
    Self.kinds.contains(lastWord.lowercased()) && word.count >= 8
      && word.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private static func name(_ word: [UInt8]) -> String {
    word.count <= longestName ? String(decoding: word, as: UTF8.self) : ""
  }
}
