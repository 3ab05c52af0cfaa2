import Foundation
import HoneJSON
import HonePolicy

extension LoadedModel {
  /// The model with what a checkpoint says of itself: where its policy comes from, and how it was last
  /// measured.
  ///
  /// Everything is in the recipe's own words: a resumed run must write what an uninterrupted one
  /// writes.
  ///
  /// - Parameters:
  ///   - isOwn: Whether the model was read from a checkpoint of this run, so that its lineage is the
  ///     run's already.
  ///   - evaluation: The run's last row of evaluations.
  func recording(
    _ recipe: Recipe, stage index: Int, step: Int, from origin: String, isOwn: Bool,
    evaluation: JSONObject?
  ) -> LoadedModel {
    let stage = recipe.stages[index]
    var own = metadata["lineage"]?.object ?? JSONObject()
    var ancestors = own["ancestors"]?.array ?? []
    own["ancestors"] = nil
    if !isOwn, !own.isEmpty { ancestors.append(.object(own)) }
    var lineage = JSONObject([
      ("recipe", .string(recipe.name)), ("step", .integer(step)), ("stage", .integer(index)),
      ("kind", .string(stage.kind.rawValue)), ("seed", .integer(recipe.seed)),
      ("from", .string(origin)), ("tasks", Self.names(stage.tasks.train)),
      ("hone", .string(HoneVersion.current)),
    ])
    if !ancestors.isEmpty { lineage["ancestors"] = .array(ancestors) }
    var model = self
    // At the end, in this order, whatever the model brought along.
    model.metadata["lineage"] = nil
    model.metadata["evaluation"] = nil
    model.metadata["lineage"] = .object(lineage)
    model.metadata["evaluation"] = evaluation.map {
      .object(Self.evaluation($0, recipe))
    }
    return model
  }

  /// What is kept of a row of `evaluations.jsonl`.
  private static func evaluation(_ row: JSONObject, _ recipe: Recipe) -> JSONObject {
    var fields = JSONObject()
    for key in ["step", "problems", "samples", "pass@1", "pass@1_low", "pass@1_high"] {
      fields[key] = row[key]
    }
    fields["temperature"] = row["settings"]?["temperature"]
    if let stage = row["stage"]?.int, recipe.stages.indices.contains(stage) {
      fields["tasks"] = names(recipe.stages[stage].tasks.evaluation)
    }
    return fields
  }

  private static func names(_ sources: [TaskSource]) -> JSON {
    .array(
      sources.map { source in
        switch source {
        case .path(let path): .string(path)
        case .family(let family): .string("\(family.count) of \(family.family)")
        }
      })
  }
}
