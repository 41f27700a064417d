import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheWaits {
  /// The commands of the README and of the tutorial, run as they stand there: one block after the other, in one shell.
  @Suite("The commands of the README and the tutorial", .timeLimit(.minutes(3)))
  struct GuideCommandTests {
    struct Page: Sendable, CustomTestStringConvertible {
      let path: String
      /// Commands that are not run: they install packages of the system, or build the repository.
      let installing: [String]
      /// Commands that end otherwise than with 0.
      var endings: [String: Int] = [:]
      /// First lines of outputs that the page shows of something else than its own commands.
      var otherOutputs: [String] = []

      var testDescription: String { path }
    }

    private static let pages = [
      Page(path: "README.md", installing: ["samples/run.sh", "Tests/run.sh", "samples/install.sh ~/.local"]),
      Page(
        path: "\(Guide.catalog)/GettingStarted.md", installing: ["samples/run.sh", "samples/install.sh ~/.local"],
        endings: [
          "jelou-inventory samples/projects.csv --credentials samples/credentials.csv --sandbox -o trial": 2
        ],
        otherOutputs: ["LINE  CHANGE  PROJECT     WHAT"]),
    ]

    @Test("end as they should, and print what the page shows", arguments: pages)
    func commands(page: Page) async throws {
      let guide = try Guide(path: page.path)
      let blocks = guide.codeBlocks.filter { $0.language == "sh" }
      let lines = blocks.flatMap { $0.text.split(separator: "\n").map(Self.command) }
      for line in page.installing + page.endings.keys {
        #expect(lines.contains(line), "no longer in \(page.path): \(line)")
      }
      #expect(lines.count { $0.hasPrefix("jelou-inventory ") } > 5)

      let output = try await run(blocks.map { script($0.text, page) } + guide.crontab)
      let shown = guide.outputs.filter { !page.otherOutputs.contains($0.text.firstLine) }
      #expect(shown.count + page.otherOutputs.count == guide.outputs.count)
      #expect(!shown.isEmpty)
      for block in shown {
        let index = try #require(blocks.firstIndex { $0.lines.upperBound + 1 == block.lines.lowerBound })
        var rest = output[index][...]
        for line in Self.lines(of: block.text) {
          let place = rest.firstIndex(of: line)
          #expect(
            place != nil,
            "\(page.path) shows \"\(line)\", and this was printed:\n\(output[index].joined(separator: "\n"))")
          if let place { rest = rest[(place + 1)...] }
        }
      }
    }

    /// A line of a block without the comment behind it.
    private static func command(_ line: Substring) -> String {
      line.replacing(/\s+#\s.*$/, with: "").trimmingCharacters(in: .whitespaces)
    }

    /// A block as it is run.
    private func script(_ block: String, _ page: Page) -> String {
      block.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        let command = Self.command(line)
        if page.installing.contains(command) { return "" }
        return page.endings[command].map { "{ \(command); } && false || [[ $? -eq \($0) ]]" } ?? String(line)
      }.joined(separator: "\n")
    }

    /// Lines with durations left out, and without those that are empty.
    private static func lines(of text: some StringProtocol) -> [String] {
      text.split(separator: "\n").map { line in
        let text = String(line).replacing(/\d+(\.\d+)? (ms|s)\b/) { match in "… \(match.output.2)" }
        return String(text.reversed().drop(while: \.isWhitespace).reversed())
      }.filter { !$0.isEmpty }
    }

    /// Runs scripts in one shell, whose requests without --sandbox go to a sandbox of the test, and nowhere else.
    ///
    /// - Returns: what each of them has printed.
    private func run(_ scripts: [String]) async throws -> [[String]] {
      let mark = "=== \(UUID().uuidString)"
      let program = try Program()
      try FileManager.default.createDirectory(
        atPath: program.folder.path + "/samples", withIntermediateDirectories: true)
      for name in ["projects.csv", "credentials.csv", "monthly.yaml"] {
        let sample = Program.root.appending(path: "samples/\(name)")
        try program.folder.write("samples/\(name)", Data(contentsOf: sample))
      }
      // What is entered by hand.
      try program.folder.write("key.txt", "a-key-of-the-guides\n")
      // A crontab names folders of the system.
      let blocks = scripts.map { "printf '%s\\n' '\(mark)'\n\($0)" }.joined(separator: "\n")
        .replacing("/srv/jelou", with: program.folder.path)
        .replacing("/etc/jelou/key", with: program.folder.path + "/key.txt")
        .replacing("$HOME/.local/bin/jelou-inventory", with: "jelou-inventory")
      try program.folder.write(
        "script.sh",
        """
        set -Eeo pipefail
        exec 2>&1
        trap 'echo "ended with $?: $BASH_COMMAND"' ERR
        chmod 600 key.txt
        \(blocks)
        """)
      let (shell, ending) = try await SandboxServer().serving { [program] baseURL in
        var shell = program
        shell.wrapper = ["/bin/bash", "script.sh"]
        shell.environment = [
          "HOME": program.folder.path,
          "PATH": "\(try Program.executable.deletingLastPathComponent().path()):/usr/bin:/bin",
          "JELOU_INVENTORY_BASE_URL": baseURL, "JELOU_INVENTORY_RATE": "0",
          // Nobody listens there.
          "HTTPS_PROXY": "http://127.0.0.1:9",
        ]
        return (shell, try await shell.run([], limit: .seconds(120)))
      }
      #expect(ending.status == 0, "\(ending.output)")
      let outputs = ending.output.components(separatedBy: mark + "\n").dropFirst().map { Self.lines(of: $0) }
      try #require(outputs.count == scripts.count, "\(shell.folder.path)")
      return outputs
    }
  }
}

extension Guide {
  /// The blocks right below a block of commands: what the commands print.
  fileprivate var outputs: [CodeBlock] {
    zip(codeBlocks, codeBlocks.dropFirst()).filter { commands, block in
      commands.language == "sh" && block.language == "text" && commands.lines.upperBound + 1 == block.lines.lowerBound
    }.map(\.1)
  }

  /// The commands of the lines of a crontab, each in an environment without keys.
  fileprivate var crontab: [String] {
    codeBlocks(in: "text").flatMap { $0.split(separator: "\n") }.compactMap { line in
      line.wholeMatch(of: /(?:[0-9*,\/-]+ +){5}(.+)/).map { match in
        "( unset JELOU_API_KEY JELOU_CLIENT_ID JELOU_CLIENT_SECRET; \(match.output.1.replacing("\\%", with: "%")) )"
      }
    }
  }
}

extension String {
  fileprivate var firstLine: String { String(prefix { $0 != "\n" }) }
}
