import TestSupport

/// A link or a picture of a page.
struct GuideLink: CustomStringConvertible {
  let destination: String

  var description: String { destination }

  var isExternal: Bool { destination.firstMatch(of: /^[a-z]+:/) != nil }

  /// The path to a file, from the folder of the page; empty for a heading of the same page.
  var path: String { String(destination.prefix { $0 != "#" }) }

  var anchor: String? { destination.contains("#") ? String(destination.drop { $0 != "#" }.dropFirst()) : nil }
}

extension Guide {
  /// Those outside code, in code style or in blocks.
  var links: [GuideLink] {
    let text = prose.joined(separator: "\n").replacing(/`[^`]+`/) { _ in "code" }
    return text.matches(of: /\]\(([^()\s]+)\)/).map { GuideLink(destination: String($0.output.1)) }
  }

  /// The pages in the list that DocC reads and a Git host hides.
  var topics: [String] { prose.compactMap { $0.wholeMatch(of: /- <doc:([A-Za-z]+)>/).map { String($0.output.1) } } }

  /// The anchors of the headings, as GitHub makes them: lower case, spaces as hyphens, without punctuation, and with a
  /// number where one is taken.
  var anchors: [String] {
    var counts: [String: Int] = [:]
    return headings.map { heading in
      let text = heading.text.replacing(/\[([^\]]*)\]\([^)]*\)/) { $0.output.1 }
      let anchor = String(
        text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
          .map { $0 == " " ? "-" : $0 })
      defer { counts[anchor, default: 0] += 1 }
      return counts[anchor].map { "\(anchor)-\($0)" } ?? anchor
    }
  }
}
