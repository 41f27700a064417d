import Files
import Reporting

/// Writes the built-in templates to a folder so that a user can edit them.
package struct TemplateCopy {
  package let folder: String

  package init(
    folder: String
  ) {
    self.folder = folder
  }

  /// - Returns: the files that were written, in order.
  /// - Throws: ``JobFailure`` if one of them already exists, and `FileError`.
  package func write() throws -> [String] {
    let folder = ReportFolder.path(folder)
    let templates = HTMLTemplates.builtIn.sorted { $0.key < $1.key }.map {
      (path: folder + "/" + $0.key, text: $0.value)
    }
    for template in templates where FileStatus(path: template.path) != nil {
      throw JobFailure(.unwritableOutput, "\(template.path): this file already exists; choose another folder")
    }
    for template in templates {
      if let slash = template.path.lastIndex(of: "/") { _ = try Folder.create(String(template.path[..<slash])) }
      let file = try AtomicFile(path: template.path)
      try file.write(Array(template.text.utf8))
      try file.commit()
    }
    return templates.map(\.path)
  }
}
