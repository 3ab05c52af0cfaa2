import Foundation
import HoneJSON
import HonePolicy
import HoneTraining

/// What a run folder holds.
struct RunInspection {
  /// The facts, in order.
  private(set) var facts: [ModelInspection.Fact] = []
  /// What is damaged, each with its file.
  private(set) var damage: [String] = []

  /// Reads the recipe, the description and the rows, and checks every checkpoint.
  init(path: String) throws {
    describeRecipe(path)
    describeStart("\(path)/run.json")
    // Links before checkpoints: a run at work may replace what they point to while this reads.
    for name in ["latest", "best"] { describeLink(name, path) }
    var newest: TrainerState?
    var checkpoints: [JSON] = []
    var texts: [String] = []
    for finding in try CheckpointStore(folder: path).examine() {
      let step = finding.checkpoint.step
      if let found = finding.damage { damage.append(found) }
      newest = finding.state ?? newest
      checkpoints.append(["step": .integer(step), "whole": .bool(finding.damage == nil)])
      texts.append(finding.damage == nil ? "\(step)" : "\(step) (damaged)")
    }
    let steps = texts.isEmpty ? "none" : "after steps " + texts.joined(separator: ", ")
    facts.append(("checkpoints", steps, .array(checkpoints)))
    for name in ["metrics.jsonl", "evaluations.jsonl", "completions.jsonl"] {
      describeRows(name, path, newest)
    }
  }

  private mutating func describeRecipe(_ path: String) {
    do throws(TrainingError) {
      let recipe = try RunFolder.recipe(at: path)
      let stages = recipe.stages.map { "\($0.kind.rawValue) for \($0.steps) steps" }
      facts.append(
        (
          "recipe", "\(recipe.name), seed \(recipe.seed): \(stages.joined(separator: ", "))",
          [
            "name": .string(recipe.name), "seed": .integer(recipe.seed),
            "steps": .integer(recipe.totalSteps),
          ]
        ))
    } catch {
      damage.append(error.message)
    }
  }

  private mutating func describeStart(_ path: String) {
    do throws(TrainingError) {
      let description = try RunDescription.read(path)
      let machine = description.machine.pairs.map {
        "\($0.key) \($0.value.string ?? $0.value.serialized())"
      }
      facts.append(("machine", machine.joined(separator: ", "), .object(description.machine)))
      facts.append(
        ("versions", JSON.object(description.versions).serialized(), .object(description.versions)))
      if let level = description.isolation {
        facts.append(("isolation", "level \(level)", .integer(level)))
      }
      if let origin = description.origin {
        let base = origin.base.isEmpty ? "random weights" : "\(origin.base.count) files of a base"
        facts.append(("made from", base + ", by SHA-256 in run.json", .integer(origin.base.count)))
      }
      if !description.resumes.isEmpty {
        let steps = description.resumes.map { "\($0.step)" }.joined(separator: ", ")
        facts.append(
          ("resumed", "after steps \(steps)", .array(description.resumes.map { .integer($0.step) }))
        )
      }
    } catch {
      damage.append(error.message)
    }
  }

  private mutating func describeLink(_ name: String, _ path: String) {
    guard let target = Files.linkTarget("\(path)/\(name)") else { return }
    facts.append((name, target, .string(target)))
    do throws(PolicyError) {
      try ModelLocation.requireWithin(path, link: "\(path)/\(name)")
    } catch {
      damage.append(error.description)
      return
    }
    // A run at work may be replacing the very checkpoint: it is away for a moment.
    let isThere = (1...20).contains { attempt in
      if attempt > 1 { usleep(10_000) }
      return Files.isFolder("\(path)/\(name)")
    }
    if !isThere {
      damage.append("\(path)/\(name): points to \(target), which is not there")
    }
  }

  /// Counts the rows and checks each.
  ///
  /// The last row of a killed run may be torn, which resuming mends; others may not.
  private mutating func describeRows(_ name: String, _ path: String, _ state: TrainerState?) {
    let file = "\(path)/\(name)"
    let recorded = state?.fileLengths[name] ?? 0
    guard Files.size(file) != nil else {
      if recorded > 0 { damage.append("\(file): missing; a checkpoint recorded its rows") }
      return
    }
    do throws(TrainingError) {
      let rows = try RowInspection(
        path: file, recorded: recorded, checksum: state?.fileChecksums[name])
      damage += rows.damage
      var remark = rows.isTorn ? ", the last one torn" : ""
      if rows.unguarded > 0 { remark += ", \(rows.unguarded) without a checksum" }
      facts.append(
        (name, "\(rows.rows) rows, \(ByteCount.describe(rows.size))\(remark)", .integer(rows.rows)))
    } catch {
      damage.append(error.message)
    }
  }
}
