package import InventoryModel
import TextFormats

extension AuditRule {
  package static let brainMismatch = AuditRule("brain-mismatch", .medium)
}

extension Rule {
  /// The response is for a project other than the requested one. Only the enveloped body, which has no `id`, shows it.
  static let brainMismatch = Rule(
    .brainMismatch,
    en: "Response for a different project",
    es: "Respuesta de otro proyecto",
    pt: "Resposta de outro projeto"
  ) { row in
    guard row.integration.id == nil, let brain = row.integration.brainID, !brain.isExactly(row.projectID) else {
      return nil
    }
    return "The response is for the project \(brain.clipped(to: 120))."
  }
}
