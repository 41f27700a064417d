import PackagePlugin

/// Turns a target's `.mustache` files into one Swift file, so that the program carries its templates in itself.
@main
struct EmbedTemplates: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    guard let target = target as? SourceModuleTarget else { return [] }
    let templates = target.sourceFiles.map(\.url).filter { $0.pathExtension == "mustache" }
    let output = context.pluginWorkDirectoryURL.appending(component: "EmbeddedTemplates.swift")
    return [
      .buildCommand(
        displayName: "Embedding templates",
        executable: try context.tool(named: "TemplateEmbedder").url,
        arguments: [output.path()] + templates.map { $0.path() },
        inputFiles: templates, outputFiles: [output])
    ]
  }
}
