import Foundation
import TestSupport
import Testing

@Suite("The documentation")
struct DocumentationTests {
  private static var pages: [Guide] { get throws { try [.readme] + Guide.all() } }

  private static let rootPage = "\(Guide.catalog)/jelou-inventory.md"

  @Test("links only to files and headings that exist")
  func links() throws {
    let pages = try Self.pages
    var count = 0
    for page in pages {
      for link in page.links where !link.isExternal {
        count += 1
        let target = Guide.root.appending(path: page.path).deletingLastPathComponent().appending(path: link.path)
          .standardizedFileURL
        let path = link.path.isEmpty ? page.path : String(target.path().dropFirst(Guide.root.path().count))
        #expect(target.path().hasPrefix(Guide.root.path()), "\(page): \(link)")
        #expect(FileManager.default.fileExists(atPath: target.path()), "\(page): \(link)")
        guard let anchor = link.anchor else { continue }
        let anchors = pages.first { $0.path == path }?.anchors ?? []
        #expect(anchors.contains(anchor), "\(page): \(link)")
      }
    }
    #expect(count > 150)
  }

  @Test("has every page in the README and in the root page")
  func reachable() throws {
    let pages = try Guide.all().map(\.path).filter { $0 != Self.rootPage }
    #expect(pages.count == 18)
    let readme = try Guide.readme
    let fromReadme = Set(readme.links.map(\.path))
    #expect(pages.filter { !fromReadme.contains($0) } == [])
    let rootPage = try Guide(path: Self.rootPage)
    let links = rootPage.links.map(\.path).filter { !$0.hasPrefix("../") }.map { "\(Guide.catalog)/\($0)" }
    #expect(links.sorted() == pages)
    #expect(rootPage.topics.map { "\(Guide.catalog)/\($0).md" }.sorted() == pages)
  }

  @Test("has a title and a summary at the top of each page, and one title alone")
  func titles() throws {
    for page in try Self.pages {
      #expect(page.headings.filter { $0.level == 1 }.map(\.line) == [0], "\(page)")
      #expect(page.lines.count > 2 && page.lines[1].isEmpty, "\(page)")
      #expect(page.lines.dropFirst(2).first?.first?.isLetter == true, "\(page)")
    }
  }

  @Test("closes every code block, and has tables whose rows have equally many cells")
  func blocks() throws {
    for page in try Self.pages {
      #expect(page.lines.count { $0.hasPrefix("```") }.isMultiple(of: 2), "\(page)")
      for table in page.tables {
        for row in table.rows { #expect(row.count == table.header.count, "\(page): \(row)") }
      }
    }
  }

  @Test("is a README of at most 200 lines")
  func length() throws {
    // The last line ends with a line break.
    #expect(try Guide.readme.lines.count - 1 <= 200)
  }

  @Test("names no path of the machine on which it was written")
  func paths() throws {
    for page in try Self.pages {
      for line in page.lines {
        let found = line.firstMatch(of: #/(?:^|[^\w.~$}])/(work|root|home|Users|tmp|mnt|workspace|opt)(/|\b)/#)
        #expect(found == nil && !line.contains(Guide.root.path()), "\(page): \(line)")
      }
    }
  }
}
