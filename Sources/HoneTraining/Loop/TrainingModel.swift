import HoneJSON
public import HoneNumerics
public import HonePolicy
import HoneTasks
import HoneText

/// Where a run's first policy comes from: a folder, or random weights with a tokenizer of its own.
public enum TrainingModel {
  /// Special tokens of a tokenizer made for a policy from random weights; the first ends a text.
  public static let specialTokens: [String] = ["<|endoftext|>"]
  /// Its tags, one token each.
  ///
  /// They are part of what a policy says, so they are not special: graders of other programs read
  /// completions from which special tokens are left out.
  public static let tags: [String] = ["<think>", "</think>", "<answer>", "</answer>"]

  /// The policy that a recipe starts from.
  ///
  /// - Parameters:
  ///   - recipeFile: paths are relative to the working directory, then to its folder.
  ///   - verifies: whether the files of a checkpoint are compared with its manifest.
  public static func initial(
    _ recipe: Recipe, recipeFile: String?, compute: Compute, verifies: Bool = true
  ) throws -> LoadedModel {
    switch recipe.model {
    case .folder(let path):
      let found = try Recipe.locate(path, wanted: "model folder", recipeFile: recipeFile)
      return try LoadedModel.load(found, compute: compute, verifies: verifies)
    case .architecture(let architecture):
      let tokenizer = try tokenizer(recipe, recipeFile: recipeFile)
      let configuration = configuration(architecture, tokenizer)
      try configuration.validate(source: "recipe '\(recipe.name)'")
      let policy = Policy(
        configuration: configuration, seed: UInt64(bitPattern: Int64(recipe.seed)),
        deviation: architecture.initializerRange, compute: compute)
      return LoadedModel(policy: policy, tokenizer: tokenizer)
    }
  }

  private static func tokenizer(_ recipe: Recipe, recipeFile: String?) throws -> Tokenizer {
    switch recipe.tokenizer {
    case .path(let path):
      return try Tokenizer(
        contentsOf: Recipe.locate(path, wanted: "tokenizer", recipeFile: recipeFile))
    case .trained(let size, let sources):
      let tasks = TaskLoader(recipeFile: recipeFile)
      var texts: [String] = []
      for stage in recipe.stages where sources.isEmpty {
        texts += try tasks.load(stage.tasks.train, sources: stage.tasks).flatMap(Self.texts)
      }
      if !sources.isEmpty {
        texts += try tasks.load(sources, sources: recipe.stages[0].tasks).flatMap(Self.texts)
      }
      return Tokenizer.train(
        texts: texts, vocabularySize: size, specialTokens: specialTokens, textTokens: tags)
    case nil:
      throw TrainingError(
        .badRecipe, "recipe '\(recipe.name)': a policy from random weights needs a tokenizer")
    }
  }

  private static func texts(_ problem: Problem) -> [String] {
    [problem.question] + (problem.completion.map { [$0] } ?? [])
  }

  private static func configuration(
    _ a: Architecture, _ tokenizer: Tokenizer
  ) -> PolicyConfiguration {
    let family: PolicyConfiguration.Architecture =
      switch a.family {
      case .llama: .llama
      case .qwen2: .qwen2
      case .qwen3: .qwen3
      }
    return PolicyConfiguration(
      architecture: family, vocabularySize: a.vocabularySize ?? tokenizer.vocabularySize,
      hiddenSize: a.hiddenSize, intermediateSize: a.intermediateSize, layers: a.layers,
      heads: a.attentionHeads, keyValueHeads: a.keyValueHeads, headSize: a.headDimension,
      rmsNormEpsilon: Float(a.rmsNormEpsilon), ropeTheta: a.ropeTheta,
      maximumPositions: a.maximumPositions, tiedHead: a.tieWordEmbeddings,
      beginToken: tokenizer.beginTokenID, endTokens: tokenizer.endTokenID.map { [$0] } ?? [],
      padToken: tokenizer.paddingTokenID)
  }
}
