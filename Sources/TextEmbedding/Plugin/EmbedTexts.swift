import PackagePlugin

/// Embeds a target's text files in the program as one generated Swift file. They become the property `files` of the
/// target's enum `EmbeddedTexts`.
@main
struct EmbedTexts: BuildToolPlugin {
  private static let kinds: Set = ["mustache", "css", "js", "txt", "sql"]

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    guard let target = target as? SourceModuleTarget else { return [] }
    let texts = target.sourceFiles.map(\.url).filter { Self.kinds.contains($0.pathExtension) }
    let output = context.pluginWorkDirectoryURL.appending(component: "EmbeddedTexts+Files.swift")
    return [
      .buildCommand(
        displayName: "Embedding the texts of \(target.name)",
        executable: try context.tool(named: "TextEmbedder").url,
        arguments: [output.path(), target.directoryURL.path()] + texts.map { $0.path() },
        inputFiles: texts, outputFiles: [output])
    ]
  }
}
