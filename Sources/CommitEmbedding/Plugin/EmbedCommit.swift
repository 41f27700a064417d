import Foundation
import PackagePlugin

/// Embeds the commit that the program is built from. The plugin looks it up before every build, and writes the file
/// only if it has changed, to avoid unnecessary compilation.
@main
struct EmbedCommit: BuildToolPlugin {
  // The commit is empty if git is missing, or if the sources are a copy inside another repository.
  private static let script = """
    folder=$1 output=$2 commit=
    if [ "$(git -C "$folder" rev-parse --show-toplevel 2>/dev/null)" = "$(cd "$folder" && pwd -P)" ]; then
      commit=$(git -C "$folder" rev-parse --short=12 HEAD 2>/dev/null) || commit=
      [ -z "$commit" ] || [ -z "$(git -C "$folder" status --porcelain 2>/dev/null)" ] || commit="$commit, modified"
    fi
    mkdir -p "$output"
    text="enum Commit { static let current = \\"$commit\\" }"
    [ "$(cat "$output/Commit.swift" 2>/dev/null)" = "$text" ] || printf '%s\\n' "$text" >"$output/Commit.swift"
    """

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let output = context.pluginWorkDirectoryURL.appending(component: "Commit")
    return [
      .prebuildCommand(
        displayName: "Looking up the commit", executable: URL(filePath: "/bin/sh"),
        arguments: ["-c", Self.script, "sh", context.package.directoryURL.path(), output.path()],
        outputFilesDirectory: output)
    ]
  }
}
