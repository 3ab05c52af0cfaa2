import Foundation
import HoneFiles
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText
import HoneTraining

/// What came of one case.
enum FuzzOutcome: Hashable {
  /// The file was taken.
  case accepted
  /// It was refused, with this exit code.
  case refused(Int32)
}

/// A reader that is given changed files.
///
/// Whatever it throws that is not an error of its module's own type is a finding, and so is a trap, for
/// it ends the process; the files of the case are still in the folder then.
struct FuzzTarget: Sendable {
  /// Its name.
  let name: String
  /// How many of 100 cases are its.
  let share: Int
  /// Puts changed files into the folder and reads them.
  let run: @Sendable (inout Mutator, FuzzFolder) throws -> FuzzOutcome

  static let all: [FuzzTarget] = [
    configuration, safetensors, tokenizer, metadata, manifest, state, recipe, tasks,
  ]

  // MARK: - Model folders

  static let configuration = FuzzTarget(name: "config", share: 20) { mutator, folder in
    if mutator.random.once(in: 4) {
      try folder.write(
        mutator.json(folder.seeds.json["generation_config.json"] ?? [:]),
        to: "generation_config.json")
    } else {
      try folder.write(
        mutator.json(folder.seeds.json["config.json"] ?? [:]), to: "config.json")
    }
    defer { folder.restore(["config.json", "generation_config.json"]) }
    return try folder.outcome {
      let model = try LoadedModel.load(folder.path, compute: folder.compute)
      // What was accepted is run: a few tokens, wherever the stop tokens and positions are.
      let prompt: [Int32] = [1, 2, 3]
      let configuration = model.policy.configuration
      guard
        configuration.defect(ofPrompt: prompt.count, maximumTokens: 4, setting: "") == nil
      else { return }
      do throws(NonFinitePrediction) {
        _ = try Generator(policy: model.policy, rows: 1).generate(
          [
            GenerationRequest(
              prompt: prompt, samples: 0..<1, stream: .init(seed: 1, purpose: .sampling))
          ], options: SamplingOptions(temperature: 0),
          stop: model.stopRule(maximumTokens: 4, strings: []))
      } catch {
        throw PolicyError(error, model: folder.path, what: "the prompt")
      }
    }
  }

  static let safetensors = FuzzTarget(name: "safetensors", share: 15) { mutator, folder in
    let weights = folder.seeds.weights
    var header = folder.seeds.header
    var body = weights.body
    switch mutator.random.below(4) {
    case 0: header = mutator.bytes(header)
    case 1: header = mutator.json(folder.seeds.headerJSON)
    case 2: header = mutator.json(mutator.tree(folder.seeds.headerJSON))
    default: body = mutator.bytes(body)
    }
    let edges: [UInt64] = [0, 1, 7, 1 << 31, 1 << 63, .max, UInt64(header.count + body.count)]
    let length =
      mutator.random.once(in: 12) ? mutator.random.pick(edges) : UInt64(header.count)
    try folder.write(
      withUnsafeBytes(of: length.littleEndian) { Array($0) } + header + body,
      to: "model.safetensors")
    defer { folder.restore(["model.safetensors"]) }
    return try folder.outcome {
      _ = try LoadedModel.load(folder.path, compute: folder.compute)
    }
  }

  static let tokenizer = FuzzTarget(name: "tokenizer", share: 15) { mutator, folder in
    let name = mutator.random.once(in: 4) ? "tokenizer_config.json" : "tokenizer.json"
    try folder.write(mutator.json(folder.seeds.json[name] ?? [:]), to: name)
    defer { folder.restore([name]) }
    return try folder.outcome {
      let tokenizer = try Tokenizer(contentsOf: folder.path)
      let ids = tokenizer.encode("Q: 1 + 1 = é\u{301}\u{323}?\n<|endoftext|>", addSpecial: true)
      _ = tokenizer.decode(ids + [-1, .max], skipSpecial: true)
      _ = (tokenizer.endTokenID, tokenizer.beginTokenID, tokenizer.paddingTokenID)
      _ = tokenizer.unusedIDs(below: 1000)
    }
  }

  static let metadata = FuzzTarget(name: "hone.json", share: 8) { mutator, folder in
    try folder.write(mutator.json(folder.seeds.json["hone.json"] ?? [:]), to: "hone.json")
    defer { folder.restore(["hone.json"]) }
    return try folder.outcome {
      let model = try LoadedModel.load(folder.path, compute: folder.compute)
      _ = model.template?.render(question: "1 + 1")
      _ = ModelCard(model).text
    }
  }

  // MARK: - Checkpoints

  static let manifest = FuzzTarget(name: "manifest", share: 10) { mutator, folder in
    try folder.write(
      mutator.json(folder.seeds.json[Manifest.fileName] ?? [:]), to: Manifest.fileName)
    defer { folder.remove(Manifest.fileName) }
    return try folder.outcome {
      try Checkpoint.verify(folder: folder.path)
      _ = try LoadedModel.load(folder.path, compute: folder.compute)
    }
  }

  static let state = FuzzTarget(name: "trainer_state", share: 10) { mutator, folder in
    try folder.write(
      mutator.json(folder.seeds.json[TrainerState.fileName] ?? [:]), to: TrainerState.fileName)
    defer { folder.remove(TrainerState.fileName) }
    return try folder.outcome {
      let state = try TrainerState.read(folder.file(TrainerState.fileName))
      _ = state.json.serialized()
    }
  }

  // MARK: - What people write

  static let recipe = FuzzTarget(name: "recipe", share: 12) { mutator, folder in
    let text = mutator.random.pick(folder.seeds.recipes)
    try folder.write(mutator.yaml(text), to: "recipe.yaml")
    return try folder.outcome {
      let recipe = try Recipe.load(contentsOf: folder.file("recipe.yaml"))
      _ = try Recipe.parse(recipe.yaml)
      _ = recipe.totalSteps
    }
  }

  static let tasks = FuzzTarget(name: "tasks", share: 10) { mutator, folder in
    var rows: [UInt8] = []
    for _ in 0...mutator.random.below(4) {
      rows += mutator.json(mutator.random.pick(folder.seeds.rows)) + [0x0A]
    }
    if mutator.random.once(in: 6) { rows = mutator.bytes(rows) }
    try folder.write(rows, to: "tasks.jsonl")
    return try folder.outcome {
      let set = try TaskSet.load(path: folder.file("tasks.jsonl"))
      _ = set.summary
      _ = set.problems.map(\.canonicalKey)
    }
  }
}

extension Mutator {
  /// A recipe with some of its scalars, lines or bytes changed.
  mutating func yaml(_ text: String) -> [UInt8] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for _ in 0...random.below(3) {
      let index = random.below(lines.count)
      guard let colon = lines[index].lastIndex(of: ":") else { continue }
      switch random.below(6) {
      case 0: lines.remove(at: index)
      case 1: lines.insert(lines[index], at: random.below(lines.count))
      case 2: lines[index] = String(lines[index][...colon])
      case 3: lines[index] += " \(random.pick(Self.texts))"
      default:
        lines[index] = "\(lines[index][...colon]) \(random.pick(Self.edges).serialized())"
      }
    }
    let bytes = Array(lines.joined(separator: "\n").utf8)
    return random.once(in: 3) ? self.bytes(bytes) : bytes
  }
}
