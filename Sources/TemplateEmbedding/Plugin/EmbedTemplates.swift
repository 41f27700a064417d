import PackagePlugin

/// Turns a target's templates into one Swift file, so that the program carries them in itself.
@main
struct EmbedTemplates: BuildToolPlugin {
  private static let kinds: Set = ["mustache", "css", "js", "txt"]

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    guard let target = target as? SourceModuleTarget else { return [] }
    let templates = target.sourceFiles.map(\.url).filter { Self.kinds.contains($0.pathExtension) }
    let output = context.pluginWorkDirectoryURL.appending(component: "EmbeddedTemplates.swift")
    return [
      .buildCommand(
        displayName: "Embedding templates",
        executable: try context.tool(named: "TemplateEmbedder").url,
        arguments: [output.path(), target.directoryURL.path()] + templates.map { $0.path() },
        inputFiles: templates, outputFiles: [output])
    ]
  }
}
