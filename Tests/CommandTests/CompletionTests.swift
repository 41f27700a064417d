import ArgumentParser
import Foundation
import InventoryJobs
import InventoryModel
import ProjectList
import Reporting
import TestSupport
import Testing

@testable import jelou_inventory

extension TheDatabase {
  /// The completion scripts in the shells themselves. fish calls the program for some values, which needs a terminal.
  @Suite("Completions", .timeLimit(.minutes(2)))
  struct CompletionTests {
    /// Completes the last word of a line as bash does, and prints the candidates.
    private static let bash = """
      export PATH=${0%/*}:$PATH
      source <("$0" --generate-completion-script bash)
      set -f; COMP_WORDS=($1); [[ $1 == *' ' ]] && COMP_WORDS+=(''); set +f
      COMP_LINE=$1 COMP_POINT=${#1} COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_TYPE=9 COMP_KEY=9
      _jelou-inventory jelou-inventory "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """

    /// Types a line and a tab into an interactive zsh, and prints what zsh has to choose from, each in `<>`.
    private static let zsh = """
      export PATH=${0:h}:$PATH HOME=$PWD
      zmodload zsh/zpty
      zpty shell zsh --no-rcs -i
      zpty -w shell 'PS1=; autoload -Uz compinit; compinit -D -u'
      zpty -w shell 'source <(jelou-inventory --generate-completion-script zsh)'
      zpty -w shell 'compadd() {
        if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
        local -a hits; builtin compadd -A hits "$@"
        (( $#hits )) && print -rl -- "<"${(Q)^hits}">"
        builtin compadd "$@"
      }
      finish() { print -r "<""END>"; exit }; zle -N finish; bindkey "^X" finish; bindkey "^I" complete-word
      print -r "<""READY>"'
      zpty -m -r shell output '*<READY>*'
      zpty -n -w shell "$1"$'\\t\\C-X'
      zpty -m -r shell output '*<END>*'
      print -r -- "$output"
      """

    private static let fish = """
      set -gx PATH (dirname $argv[1]) $PATH
      $argv[1] --generate-completion-script fish | source
      complete --do-complete $argv[2]
      """

    private let program: Program

    init() throws {
      var program = try Program()
      program.environment["TERM"] = "dumb"
      program.environment["PATH"] = "/usr/bin:/bin"
      self.program = program
    }

    private func output(_ shell: [String], _ line: String) async throws -> String {
      var program = program
      program.wrapper = shell
      let ending = try await program.run([line])
      #expect(ending.error.isEmpty, "\(line): \(ending.error)")
      return ending.output
    }

    private func inBash(_ line: String) async throws -> [String] {
      try await output(["/bin/bash", "--norc", "-c", Self.bash], line).split(separator: "\n").map(String.init)
    }

    private func inZsh(_ line: String) async throws -> [String] {
      try await output(["/usr/bin/zsh", "--no-rcs", "-c", Self.zsh], line)
        .matches(of: /<([^<>\r\n]+)>/).map { String($0.output.1) }.filter { $0 != "END" }
    }

    private func inFish(_ line: String) async throws -> [String] {
      try await output(["/usr/bin/fish", "--no-config", "-c", Self.fish], line)
        .split(separator: "\n").map { String($0.split(separator: "\t")[0]) }
    }

    private static let formats = ReportFormat.allCases.map(\.rawValue)
    private static let questions = QuestionSource.names()

    /// What is typed and what is offered, where the script itself has the values.
    private static let fixed: [(line: String, values: [String])] = [
      ("jelou-inventory pl", ["plan"]), ("jelou-inventory r", ["run", "report", "runs"]),
      ("run --csv-profile ", CSVProfile.allCases.map(\.rawValue)),
      ("run --encoding ", ListReadingOptions.Encoding.allCases.map(\.rawValue)),
      ("run --progress ", TerminalOptions.Progress.allCases.map(\.rawValue)),
      ("run --log-format ", LogFormat.allCases.map(\.rawValue)), ("run --log-format j", ["json"]),
      ("run --rate-scope ", RateBudget.allCases.map(\.rawValue)), ("run --not-found-by b", ["body"]),
      ("runs --format ", DataFormat.allCases.map(\.rawValue)), ("run --shard ", ["auto"]),
    ]

    /// What is typed and what is offered, where the script calls the program.
    private static let called: [(line: String, values: [String])] = [
      ("run --format ", formats), ("run --format js", ["jsonl"]), ("report --format csv,h", ["csv,html"]),
      ("run --format html,csv,", formats.filter { !["html", "csv"].contains($0) }.map { "html,csv,\($0)" }),
      ("run --fail-on ", AuditOptions.FailConditions.names), ("merge --fail-on not-found,ch", ["not-found,changed"]),
      ("run --delimiter ", ["auto", "tab", ",", ";", "|"]), ("run --language ", ["en", "es", "pt"]),
      ("query ", questions), ("query shared-w", ["shared-webhooks"]), ("query --print ", questions),
    ]

    private static func full(_ line: String) -> String { line.hasPrefix("jelou") ? line : "jelou-inventory \(line)" }

    @Test("of values, in bash", arguments: fixed + called)
    func bash(line: String, values: [String]) async throws {
      #expect(try await inBash(Self.full(line)) == values)
    }

    @Test("of values, in zsh", arguments: fixed + called)
    func zsh(line: String, values: [String]) async throws {
      // zsh offers the values in groups.
      #expect(try await Set(inZsh(Self.full(line))) == Set(values))
    }

    @Test("of values that the script has, in fish", arguments: fixed)
    func fish(line: String, values: [String]) async throws {
      #expect(try await inFish(Self.full(line)).sorted() == values.sorted())
    }

    @Test("of values for which fish calls the program", arguments: called)
    func calledByFish(line: String, values: [String]) async throws {
      let words = Self.full(line).split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      let argument = words[2].hasPrefix("--") && words.count > 3 ? words[2] : "positional@0"
      let word = words.last ?? ""
      var program = program
      program.environment["SAP_SHELL"] = "fish"
      let ending = try await program.run(
        ["---completion", words[1], "--", argument, "\(words.count - 1)", "\(word.count)"] + words)
      #expect(ending.status == 0 && ending.error.isEmpty, "\(ending.error)")
      #expect(ending.output.split(separator: "\n").map(String.init).filter { $0.hasPrefix(word) } == values)
    }

    @Test("of files are those that the option reads, and folders")
    func files() async throws {
      for name in ["a.csv", "a.db", "a.json", "a.pem", "a.sql", "a.yaml", "a.png"] {
        try program.folder.write(name, "")
      }
      try FileManager.default.createDirectory(
        atPath: program.folder.path + "/a.folder", withIntermediateDirectories: true)
      for (line, files) in [
        ("run a", ["a.csv"]), ("plan a", ["a.csv"]), ("run --credentials a", ["a.csv"]), ("run --ca-file a", ["a.pem"]),
        ("run --config a", ["a.json", "a.yaml"]), ("run --database a", ["a.db"]), ("merge a", ["a.db"]),
        ("query --file a", ["a.sql"]), ("run --templates a", []), ("run --output a", []),
      ] as [(String, [String])] {
        let bash = try await inBash(Self.full(line)).sorted()
        #expect(bash == (files + ["a.folder"]).sorted(), "\(line)")
        let fish = try await inFish(Self.full(line)).sorted()
        #expect(fish == (files + ["a.folder/"]).sorted(), "\(line)")
      }
      #expect(try await inBash(Self.full("run --api-key-file a")).count == 8)
    }
  }
}
