package import InventoryModel
import TextFormats

extension AuditRule {
  package static let brainMismatch = AuditRule("brain-mismatch", .medium)
}

extension Rule {
  /// The answer is for another project than the one asked for. Only the enveloped body, which has no `id`, shows it.
  static let brainMismatch = Rule(
    .brainMismatch,
    en: "Brain that is not the project's",
    es: "Brain que no es el del proyecto",
    pt: "Brain que não é o do projeto"
  ) { row in
    guard row.integration.id == nil, let brain = row.integration.brainID, !brain.isExactly(row.projectID) else {
      return nil
    }
    return "The answer is for the project \(brain.clipped(to: 120))."
  }
}
