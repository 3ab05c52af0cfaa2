import HoneFiles
import HoneJSON
import HoneTraining

/// What a run folder holds.
struct RunInspection {
  /// The facts, in order.
  private(set) var facts: [ModelInspection.Fact] = []
  /// What is damaged, each with its file.
  private(set) var damage: [String] = []

  /// Reads the recipe, the description and the rows, and checks every checkpoint.
  init(path: String) throws {
    describeRecipe("\(path)/recipe.yaml")
    describeStart("\(path)/run.json")
    let store = CheckpointStore(folder: path)
    var newest: TrainerState?
    var checkpoints: [JSON] = []
    var texts: [String] = []
    for checkpoint in try store.all() {
      do throws(TrainingError) {
        try checkpoint.verify()
        newest = try checkpoint.state()
        checkpoints.append(["step": .integer(checkpoint.step), "whole": true])
        texts.append("\(checkpoint.step)")
      } catch {
        damage.append(error.message)
        checkpoints.append(["step": .integer(checkpoint.step), "whole": false])
        texts.append("\(checkpoint.step) (damaged)")
      }
    }
    let steps = texts.isEmpty ? "none" : "after steps " + texts.joined(separator: ", ")
    facts.append(("checkpoints", steps, .array(checkpoints)))
    for name in ["latest", "best"] { describeLink(name, path) }
    for name in ["metrics.jsonl", "evaluations.jsonl", "completions.jsonl"] {
      describeRows(name, path, recorded: newest?.fileLengths[name])
    }
  }

  private mutating func describeRecipe(_ path: String) {
    do throws(TrainingError) {
      let recipe = try Recipe.load(contentsOf: path, from: .folder)
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
    } catch {
      damage.append(error.message)
    }
  }

  private mutating func describeLink(_ name: String, _ path: String) {
    guard let target = Files.linkTarget("\(path)/\(name)") else { return }
    facts.append((name, target, .string(target)))
    if !Files.isFolder("\(path)/\(name)") {
      damage.append("\(path)/\(name): points to \(target), which is not there")
    }
  }

  /// Counts the rows.
  ///
  /// The last row of a killed run may be torn, which resuming mends; others may not.
  private mutating func describeRows(_ name: String, _ path: String, recorded: Int?) {
    let file = "\(path)/\(name)"
    guard let size = Files.size(file) else {
      if recorded ?? 0 > 0 { damage.append("\(file): missing; a checkpoint recorded its rows") }
      return
    }
    if let recorded, size < recorded {
      damage.append("\(file): \(recorded - size) bytes missing; a checkpoint recorded \(recorded)")
    }
    var rows = 0
    var torn: JSONError?
    do throws(JSONError) {
      for (_, result) in try JSONLines(contentsOf: file) {
        if let torn { throw torn }
        switch result {
        case .success: rows += 1
        case .failure(let error): torn = error
        }
      }
      if let torn, size <= recorded ?? 0 { throw torn }
    } catch {
      damage.append(error.description)
    }
    let remark = torn == nil ? "" : ", the last one torn"
    facts.append((name, "\(rows) rows, \(ByteCount.describe(size))\(remark)", .integer(rows)))
  }
}
