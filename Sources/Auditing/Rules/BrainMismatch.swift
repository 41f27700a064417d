import InventoryModel

/// The gateway answered for another project than was asked for. Only the enveloped body, which has no `id`, tells.
enum BrainMismatch: RowRule {
  static let rule = AuditRule.brainMismatch

  static func detail(of row: AuditedRow) -> String? {
    guard row.integration.id == nil, let brain = row.integration.brainID, !brain.isExactly(row.projectID)
    else { return nil }
    return "The answer is for the project \(brain.clipped(to: 120))."
  }
}
